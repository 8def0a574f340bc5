const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Base58 with Bitcoin's alphabet (draft-msporny-base58), as the spec asks for in recovery keys. */
export function encodeBase58(bytes: Uint8Array): string {
  const zeros = bytes.findIndex((byte) => byte !== 0);
  const leading = '1'.repeat(zeros === -1 ? bytes.length : zeros);
  let rest = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; rest > 0n; rest /= 58n) text = alphabet.charAt(Number(rest % 58n)) + text;
  return leading + text;
}

/** Null: a character is not of the alphabet. */
export function decodeBase58(text: string): Uint8Array | null {
  const digits = Array.from(text, (character) => alphabet.indexOf(character));
  if (digits.includes(-1)) return null;
  const number = digits.reduce((sum, digit) => sum * 58n + BigInt(digit), 0n);
  const hex = number === 0n ? '' : number.toString(16);
  const body = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const zeros = digits.findIndex((digit) => digit !== 0);
  return Buffer.concat([Buffer.alloc(zeros === -1 ? digits.length : zeros), body]);
}
