import { createHash } from 'node:crypto';

/** Leaves room in a tar header for a number and an ending. */
const longest = 72;

/**
 * A file name made of a name that somebody else has chosen: no separator, no step upwards, no hidden
 * file, nothing that a shell or a screen takes for something else. One that had to be changed gets a
 * few digits of its hash, so that two names do not become one.
 */
export function safeName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^[.-]+/, '_');
  if (plain === name && name !== '' && name.length <= longest) return name;
  const digits = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${plain.slice(0, longest - digits.length - 1)}_${digits}`;
}
