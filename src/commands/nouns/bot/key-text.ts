/** A public key as a person compares it: groups of four. */
export function keyText(key: string): string {
  return key.replaceAll(/.{4}(?=.)/g, '$& ');
}
