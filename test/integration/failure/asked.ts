import { bodyOf, type LabEvent } from '../../lab/event.ts';
import type { Person } from '../../lab/person.ts';

/** A command that is asked about before it runs. */
export interface Asked {
  readonly command: string;
  readonly prompt: LabEvent;
  readonly code: string;
}

/** Whether the bot asks something with it. */
export const isQuestion = (event: LabEvent): boolean =>
  typeof event.content['io.urtc.prompt'] === 'string';

/** The code that says yes to a question. */
export const codeOf = (prompt: LabEvent): string => {
  const code = /\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{4}\b/.exec(bodyOf(prompt).split('→')[0] ?? '');
  return code?.[0] ?? 'no code';
};

/** Gives a command that destroys and waits for the question. */
export async function askedBy(person: Person, room: string, line: string): Promise<Asked> {
  const since = person.mark(room);
  const command = await person.send(room, line);
  const prompt = await person.waitFor(
    room,
    (event) => isQuestion(event) && JSON.stringify(event.content['m.relates_to']).includes(command),
    { since },
  );
  return { command, prompt, code: codeOf(prompt) };
}
