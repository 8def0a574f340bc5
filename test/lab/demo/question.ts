import { isFinal, repliesIn } from '../answer.ts';
import { editedContent, htmlOf, type LabEvent } from '../event.ts';

/** A question of the bot that nobody has answered yet. */
export interface OpenQuestion {
  readonly event: LabEvent;
  readonly job: string;
  /** What is to be typed back; empty where the question names none. */
  readonly code: string;
}

const textIn = (event: LabEvent, key: string): string => {
  const value = (editedContent(event) ?? event.content)[key];
  return typeof value === 'string' ? value : '';
};

/** Id of the job that a message is about, empty for all that is about none. */
export const jobOf = (event: LabEvent): string => textIn(event, 'io.urtc.job');

/** Four capitals and digits, at least one of each: nothing else in a question looks like that. */
const codes = /<code>((?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{4})<\/code>/g;

/** The question that an event asks, `undefined` where it asks none. */
export const questionIn = (event: LabEvent): OpenQuestion | undefined => {
  const job = textIn(event, 'io.urtc.prompt');
  if (job === '') return undefined;
  // The plan that is shown stands above the code.
  const code = [...htmlOf(event).matchAll(codes)].at(-1)?.[1] ?? '';
  return { event, job, code };
};

/** Whether this event ends the job, or the command in one of these messages. */
export const ends = (
  event: LabEvent,
  events: readonly LabEvent[],
  { commands, job }: { readonly commands: readonly string[]; readonly job: string },
): boolean => {
  if (!isFinal(event)) return false;
  if (job !== '' && jobOf(event) === job) return true;
  return commands.some((id) => repliesIn(events, id).includes(event));
};

/** The newest question to this person's commands whose job has not ended. */
export const openQuestion = (events: readonly LabEvent[]): OpenQuestion | undefined => {
  const open = new Map<string, OpenQuestion>();
  for (const event of events) {
    const question = questionIn(event);
    if (question !== undefined) open.set(question.job, question);
    if (isFinal(event)) open.delete(jobOf(event));
  }
  return [...open.values()].at(-1);
};
