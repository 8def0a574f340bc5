import { Mask } from '../../../core/mask.ts';
import type { Secret } from '../../../core/secret.ts';
import { cutToBytes, plainLine } from '../plain.ts';
import { secretParts } from '../secret-parts.ts';

/** Bytes of what the other side says that are shown. */
const longest = 200;

/** Makes what a server or the network says fit to be shown: short, one line, without these secrets. */
export function replyWords(secrets: readonly Secret<string>[]): (text: string) => string {
  const mask = new Mask();
  for (const secret of secrets.flatMap(secretParts)) mask.register(secret);
  return (text) => cutToBytes(plainLine(mask.apply(text.slice(0, 10 * longest))), longest);
}
