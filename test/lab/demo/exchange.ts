import { isActionable } from '../../../src/bot/inbox/actionable.ts';
import { outcomeOf } from '../answer.ts';
import { LabError } from '../failure.ts';
import type { LabEvent } from '../event.ts';
import { HttpFailure } from '../http.ts';
import { isForDemo, type Doings } from './doings.ts';
import type { House } from './house.ts';
import { ends, openQuestion, questionIn } from './question.ts';
import { repliesIn } from '../answer.ts';

/**
 * What came of something that was said: the bot's outcome (`ok`, `refused` …), `question` when it
 * has asked back, or why there is nothing.
 */
export interface Said {
  readonly text: string;
  readonly outcome: string;
}

/** Answers the open question with its code. */
const confirmation = 'confirm';

const good = new Set(['ok', 'warning']);

/** So much of a text is repeated, characters. */
const longestShown = 200;

/** How long an answer may take. */
const patienceMs = 60_000;

type Talk = Pick<House, 'person' | 'roomId'>;

/** The room, and what takes the words that are not for it. */
export type Desk = House & { readonly doings: Doings };

const outcomeAfter = async (
  { person, roomId }: Talk,
  since: number,
  isEnd: (event: LabEvent, events: readonly LabEvent[]) => boolean,
  timeoutMs: number,
): Promise<string> => {
  const timeline = person.timeline(roomId);
  try {
    const test = (event: LabEvent): boolean => isEnd(event, timeline.events.slice(since));
    const event = await timeline.waitFor(test, { since, timeoutMs });
    return questionIn(event) === undefined ? outcomeOf(event) || 'no outcome' : 'question';
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return `no answer within ${timeoutMs / 1000} s`;
  }
};

/** Sends one text and waits until the bot has answered or asked back; or does what is for the demo. */
export const sayOne = async (
  talk: Talk & { readonly doings: Doings },
  text: string,
  timeoutMs = patienceMs,
): Promise<Said> => {
  const { person, roomId, doings } = talk;
  if (isForDemo(text)) return { text, outcome: await doings.run(text) };
  try {
    return await (text === confirmation
      ? confirmOne(talk, timeoutMs)
      : askOne(talk, text, timeoutMs));
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const { status, errcode } = error;
    return {
      text,
      outcome: `${person.userId} could not send it to ${roomId}: ${status} ${errcode}`,
    };
  }
};

const confirmOne = async (talk: Talk, timeoutMs: number): Promise<Said> => {
  const { person, roomId } = talk;
  const text = confirmation;
  const since = person.mark(roomId);
  const question = openQuestion(person.timeline(roomId).events);
  if (question === undefined) return { text, outcome: 'there is no open question' };
  const { job, code, event } = question;
  if (code === '') return { text, outcome: 'the question names no code' };
  const id = await person.send(roomId, code, { reply: event.event_id });
  const isEnd = (each: LabEvent, events: readonly LabEvent[]): boolean =>
    ends(each, events, { commands: [id], job });
  return { text, outcome: await outcomeAfter(talk, since, isEnd, timeoutMs) };
};

const askOne = async (talk: Talk, text: string, timeoutMs: number): Promise<Said> => {
  const { person, roomId } = talk;
  const since = person.mark(roomId);
  const id = await person.send(roomId, text);
  // Said in the room like anything else; nobody answers it, so nothing is waited for.
  if (!isActionable(text)) return { text, outcome: 'no command: those begin with !' };
  const isEnd = (event: LabEvent, events: readonly LabEvent[]): boolean =>
    ends(event, events, { commands: [id], job: '' }) ||
    (questionIn(event) !== undefined && repliesIn(events, id).includes(event));
  return { text, outcome: await outcomeAfter(talk, since, isEnd, timeoutMs) };
};

/** The line about something that did not end well; of a long text only its beginning. */
export const failureLine = ({ text, outcome }: Said): string => {
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return `did not end well: ${shown} (${outcome})`;
};

/**
 * What did not end well: failed, refused, not answered. A question is well if the next thing said
 * answers it.
 */
export const failuresIn = (said: readonly Said[]): Said[] =>
  said.filter(({ outcome }, i) => {
    if (outcome === 'question') return said[i + 1]?.text !== confirmation;
    return !good.has(outcome);
  });
