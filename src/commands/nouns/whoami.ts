import type { Field } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import type { Actor } from '../actor.ts';
import { defineRead } from '../command.ts';

/** `whoami`: whom the bot takes the caller for, and what that allows. */
export const whoami = defineRead({
  words: ['whoami'],
  summary: 'whoami.summary',
  role: 'viewer',
  surface: 'everywhere',
  uses: [],
  arguments: {},
  flags: {},
  examples: ['whoami'],
  async *run({ actor, language, surface }) {
    yield await Promise.resolve({
      type: 'fields',
      fields: [
        whoOf(actor),
        { id: 'role', label: say('whoami.role'), value: say(`role.${actor.rank}`) },
        { id: 'language', label: say('whoami.language'), value: say(`language.name.${language}`) },
        { id: 'surface', label: say('whoami.surface'), value: say(`whoami.surface.${surface}`) },
      ],
    } as const);
  },
});

function whoOf(actor: Actor): Field {
  return actor.kind === 'person'
    ? { id: 'user', label: say('whoami.user'), value: actor.user }
    : { id: 'login', label: say('whoami.login'), value: actor.login };
}
