import { z } from 'zod';
import { parseErrorId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import { defineRead } from '../command.ts';

/** `error`: what is known of a failure, by the id that its answer showed. */
export const error = defineRead({
  words: ['error'],
  summary: 'error.summary',
  role: 'operator',
  surface: 'everywhere',
  uses: ['errors'],
  arguments: { id: { schema: z.string().transform(parseErrorId), about: 'error.id' } },
  flags: {},
  examples: ['error e7k2m9q4'],
  async *run({ errors }, { id }) {
    await Promise.resolve();
    const found = errors.find(id);
    yield {
      type: 'fields',
      fields: [
        { id: 'id', label: say('error.field.id'), value: found.id },
        { id: 'at', label: say('error.field.at'), value: { moment: found.at } },
        { id: 'command', label: say('error.field.command'), value: found.command },
      ],
    };
    yield { type: 'code', content: found.detail };
  },
});
