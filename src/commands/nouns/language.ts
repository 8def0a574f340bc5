import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseUserId, type UserId } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import { languages } from '../../core/words/index.ts';
import type { Actor } from '../actor.ts';
import { defineChange } from '../command.ts';

const choice = z.enum(languages);
const factsSchema = z.object({
  user: z.string().transform(parseUserId),
  from: choice,
  /** Null: only show. */
  to: choice.nullable(),
});

/** `language`: what the bot speaks with the caller. */
export const language = defineChange({
  words: ['language'],
  summary: 'language.summary',
  role: 'viewer',
  surface: 'everywhere',
  effect: 'change',
  uses: ['people'],
  arguments: {
    language: { schema: choice.optional(), about: 'language.argument.language', optional: true },
  },
  flags: {},
  examples: ['language', 'language zh'],
  account: () => null,
  resources: () => [],
  plan({ actor, people }, input) {
    const user = personOf(actor);
    const facts = { user, from: people.languageOf(user), to: input.language ?? null };
    return Promise.resolve({ facts, shown: [said(facts)] });
  },
  steps: [
    {
      name: 'set',
      run({ people }, { facts }) {
        const { user, to } = factsSchema.parse(facts);
        if (to !== null) people.setLanguage(user, to);
        return Promise.resolve({});
      },
      settle({ people }, { facts }) {
        const { user, to } = factsSchema.parse(facts);
        return Promise.resolve(
          to === null || people.languageOf(user) === to
            ? { state: 'done', result: {} }
            : { state: 'not-done' },
        );
      },
    },
  ],
  report({ facts }) {
    const { from, to } = factsSchema.parse(facts);
    if (to !== null) return [{ type: 'outcome', outcome: 'ok', text: textFor(facts) }];
    const others = languages.filter((each) => each !== from);
    return [
      said(facts),
      ...others.map((choice): ReportNode => ({
        type: 'hint',
        text: say('language.how', { choice, language: say(`language.name.${choice}`) }),
      })),
    ];
  },
});

function personOf(actor: Actor): UserId {
  if (actor.kind === 'person') return actor.user;
  throw new AppError('E_PERSON_ONLY', { command: 'language' });
}

function said(facts: JsonObject): ReportNode {
  return { type: 'paragraph', text: textFor(facts) };
}

function textFor(facts: JsonObject): Text {
  const { from, to } = factsSchema.parse(facts);
  return to === null
    ? say('language.current', { language: say(`language.name.${from}`) })
    : say('language.change', { language: say(`language.name.${to}`) });
}
