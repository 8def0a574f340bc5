import type { Answer } from './answer.ts';
import { questionIn } from './demo/question.ts';
import type { LabEvent } from './event.ts';
import type { Person } from './person.ts';

/** How a person speaks to a bot: says a line, confirms it where the bot asks back, waits for the end. */
export type Talk = (line: string, timeoutMs?: number) => Promise<Answer>;

const isEnd = ({ content }: LabEvent): boolean =>
  'io.urtc.prompt' in content || 'io.urtc.final' in content;

/** For a person in a room with a bot. */
export const talkIn =
  (person: Person, room: string): Talk =>
  async (line, timeoutMs = 60_000) => {
    const since = person.mark(room);
    const command = await person.send(room, line);
    const first = await person.waitFor(room, isEnd, { since, timeoutMs });
    const question = questionIn(first);
    if (question !== undefined) await person.send(room, question.code, { reply: first.event_id });
    return person.answerTo(room, command, { since, timeoutMs });
  };
