/** Characters that no shell reads as anything but themselves. */
const plain = /^[\w@%+=:,./][\w@%+=:,./-]*$/;

/**
 * A value as one word of a POSIX shell, for a command that a person pastes: `it's` becomes
 * `'it'\''s'`. A word that begins with a dash is still read as an option: put `--` before it.
 */
export function shellWord(value: string): string {
  return plain.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
