/**
 * The part of a Synapse sync token that counts events (`s123_4_5…`, or `m123~…` with several
 * writers: synapse/types `RoomStreamToken`); null for tokens of another make.
 */
export function streamPart(token: string): number | null {
  const match = /^[sm](\d{1,15})(?!\d)/.exec(token);
  return match === null ? null : Number(match[1]);
}

/**
 * Whether `next` lies before `since`: the home server was restored from a backup. Synapse answers a
 * token from the future with 200, no events and its own, older position.
 */
export function isRewound(since: string, next: string): boolean {
  const ours = streamPart(since);
  const theirs = streamPart(next);
  return ours !== null && theirs !== null && theirs < ours;
}
