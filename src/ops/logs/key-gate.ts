import { masked } from '../../core/mask.ts';

/** A private key has fewer lines (an RSA key of 16 384 bits has about 200). */
const longestKey = 250;
const begins = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/;
const ends = /-----END [A-Z ]{0,40}PRIVATE KEY/;
/** A full line of PEM (RFC 7468 §2: 64 characters; older tools write 76), alone or behind something. */
const keyLine = /(?:^|[\s|"'])(?:[A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{76})$/;
const onlyHex = /[\da-f]{64}$|[\dA-F]{64}$/;

/**
 * Hides private keys that a log spreads over lines: from BEGIN to END, and, where only the middle of
 * one is read, whatever looks like its lines. The lines must come in their order, before any of them
 * is left out.
 */
export class KeyGate {
  #inside = 0;

  /** The line, or what may be shown of it. */
  pass(line: string): string {
    if (this.#inside > 0) {
      this.#inside = ends.test(line) ? 0 : this.#inside - 1;
      return masked;
    }
    if (begins.test(line)) {
      const oneLine = ends.test(line);
      if (!oneLine) this.#inside = longestKey;
      return oneLine ? line : masked;
    }
    return keyLine.test(line) && !onlyHex.test(line) ? masked : line;
  }
}
