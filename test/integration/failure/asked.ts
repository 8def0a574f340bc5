import { bodyOf, type LabEvent } from '../../lab/event.ts';
import type { Person } from '../../lab/person.ts';

/** A command that is asked about before it runs. */
export interface Asked {
  readonly command: string;
  readonly prompt: LabEvent;
  readonly code: string;
}

/** Gives a command that destroys and waits for the question. */
export async function askedBy(person: Person, room: string, line: string): Promise<Asked> {
  const since = person.mark(room);
  const command = await person.send(room, line);
  const prompt = await person.waitFor(
    room,
    (event) =>
      typeof event.content['io.urtc.prompt'] === 'string' &&
      JSON.stringify(event.content['m.relates_to']).includes(command),
    { since },
  );
  const code = /\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{4}\b/.exec(bodyOf(prompt).split('→')[0] ?? '');
  return { command, prompt, code: code?.[0] ?? 'no code' };
}
