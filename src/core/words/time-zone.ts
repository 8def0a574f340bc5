let chosen: string | undefined;
/** Asked once: to find it takes longer than to write a moment. */
let ofMachine: string | undefined;

/**
 * Sets the time zone in which people read moments (IANA name, e.g. `Europe/Berlin`), once at start.
 * Without it the machine's. Throws a RangeError for a name that the machine does not know.
 */
export function useTimeZone(zone: string): void {
  chosen = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
}

/** The zone in use, as an IANA name. */
export function timeZone(): string {
  return chosen ?? (ofMachine ??= new Intl.DateTimeFormat().resolvedOptions().timeZone);
}
