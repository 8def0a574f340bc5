import { z } from 'zod';
import { say } from '../../core/text.ts';
import { defineRead } from '../command.ts';

/**
 * `secret show`: gives a sealed secret to whoever is root on the server, once. It changes nothing on
 * the home server, so it is a read: it also works while changes are refused.
 */
export const secretShow = defineRead({
  words: ['secret', 'show'],
  summary: 'secret.show.summary',
  role: 'owner',
  surface: 'terminal',
  uses: ['sealedSecrets'],
  arguments: { code: { schema: z.string().min(1), about: 'secret.code', secret: true } },
  flags: {},
  examples: ['secret show 7KQ4-M2XD-9WPT'],
  async *run({ sealedSecrets }, { code }) {
    await Promise.resolve();
    const { secret, label } = sealedSecrets.open(code);
    yield { type: 'secret', id: 'secret', label, value: secret };
    yield { type: 'hint', text: say('secret.once') };
  },
});
