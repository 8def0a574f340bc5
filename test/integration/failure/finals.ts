import { isFinal, repliesIn } from '../../lab/answer.ts';
import type { LabEvent } from '../../lab/event.ts';
import type { Person } from '../../lab/person.ts';

/** All final answers to a command that the room has, however it was asked: one is right. */
export const finalsIn = (events: readonly LabEvent[], commandId: string): LabEvent[] =>
  repliesIn(events, commandId).filter(isFinal);

/** How many final answers the home server keeps for a command. */
export const finalCount = async (
  person: Person,
  room: string,
  commandId: string,
): Promise<number> => finalsIn(await person.messages(room), commandId).length;
