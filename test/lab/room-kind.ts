import { LabError } from './failure.ts';

/** In what kind of rooms the lab's people and its bots speak. */
export type RoomKind = 'encrypted' | 'plain';

/**
 * The kind that this run is in: `URTC_LAB_ROOMS`, as production where it says nothing. So the same
 * tests show both kinds of room.
 *
 * @throws LabError for any other word.
 */
export const roomKind = (environment: NodeJS.ProcessEnv = process.env): RoomKind => {
  const { URTC_LAB_ROOMS: word = 'encrypted' } = environment;
  if (word === 'encrypted' || word === 'plain') return word;
  throw new LabError(`URTC_LAB_ROOMS is ${word}, which is neither "encrypted" nor "plain"`);
};
