import { z } from 'zod';
import type { JsonObject } from '../../../core/json.ts';
import type { Field, ReportNode } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import { endOfToken, tokenLimits } from '../../../ops/users/registration-token.ts';
import { makeReadableSecret } from '../../../ops/users/readable-secret.ts';
import { because } from '../../parse/reason.ts';
import { defineChange, type Step } from '../../command.ts';
import { tokenKey } from './found-token.ts';
import { codeNodes, peekSealed, seal, sealStep, unseal } from '../sealed-secret.ts';
import { wholeNumber } from '../whole-number.ts';

interface Wish {
  readonly days: number;
  readonly uses: number;
  readonly note: string | undefined;
}

const noteText = z
  .string()
  .refine(
    (text) => Array.from(text).length <= tokenLimits.note,
    because('token.note.long', { limit: tokenLimits.note }),
  )
  .refine((text) => !/[\p{Cc}\p{Cf}]/u.test(text), because('token.note.invisible'));

/** Result of the first step: what the later ones and the answer need; not the token. */
const madeToken = z.looseObject({ handle: z.string(), ends: z.number() });

/** As for passwords: the token exists once and sealed before anything happens. */
const make: Step<Wish, 'tokenNotes' | 'sealedSecrets' | 'clock'> = {
  name: sealStep,
  run: (context, { input }) =>
    Promise.resolve().then(() => {
      const token = makeReadableSecret();
      const handle = context.tokenNotes.handleOf(token);
      const ends = endOfToken(context.clock.now(), input.days);
      return { ...seal(context, token, handle, tokenKey(handle)), handle, ends };
    }),
  settle: () => Promise.resolve({ state: 'not-done' }),
};

const register: Step<Wish, 'registrationTokens' | 'sealedSecrets'> = {
  name: 'register',
  async run({ registrationTokens, sealedSecrets, signal }, { input, done }) {
    const token = unseal(sealedSecrets, done);
    const { ends } = madeToken.parse(done[sealStep]);
    const wanted = { token, usesAllowed: input.uses, expiresAt: ends };
    await registrationTokens.create(wanted, signal);
    return {};
  },
  async settle({ registrationTokens, sealedSecrets, signal }, { done }) {
    const token = peekSealed(sealedSecrets, done);
    // Nobody else knew the token; without it the home server can't be asked about it.
    if (token === null) return { state: 'unknown', why: say('token.create.lost') };
    const found = await registrationTokens.find(token, signal);
    return found === null ? { state: 'not-done' } : { state: 'done', result: {} };
  },
};

const writeNote: Step<Wish, 'tokenNotes'> = {
  name: 'note',
  applies: ({ note }) => note !== undefined,
  run: ({ tokenNotes }, { input, done }) =>
    Promise.resolve().then(() => {
      const { handle } = madeToken.parse(done[sealStep]);
      if (input.note !== undefined) tokenNotes.setNote(handle, input.note);
      return {};
    }),
  settle({ tokenNotes }, { input, done }) {
    const { handle } = madeToken.parse(done[sealStep]);
    const written = (tokenNotes.noteOf(handle) ?? '') === (input.note ?? '');
    return Promise.resolve(written ? { state: 'done', result: {} } : { state: 'not-done' });
  },
};

const wishFields = ({ uses, note }: Wish, ends: number): readonly Field[] => [
  { id: 'uses_allowed', label: say('token.flag.uses'), value: uses },
  { id: 'expires', label: say('token.field.expires'), value: { moment: ends } },
  { id: 'note', label: say('token.field.note'), value: note ?? null },
];

/** `token create`: a token with which people make accounts of their own; handed over on the server. */
export const tokenCreate = defineChange({
  words: ['token', 'create'],
  summary: 'token.create.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  arguments: {},
  flags: {
    days: { schema: wholeNumber(tokenLimits.days), about: 'token.flag.days', value: 'DAYS' },
    uses: { schema: wholeNumber(tokenLimits.uses), about: 'token.flag.uses', value: 'COUNT' },
    note: { schema: noteText.optional(), about: 'token.flag.note', value: 'TEXT' },
  },
  uses: ['registrationTokens', 'tokenNotes', 'sealedSecrets', 'clock'],
  examples: ['token create', 'token create --days=30 --uses=5 --note="Class 7b"'],
  account: () => null,
  resources: () => [],
  plan({ clock }, input) {
    // The days count from when it is made, so the end is shown but not frozen.
    const ends = endOfToken(clock.now(), input.days);
    const facts: JsonObject = { days: input.days, uses: input.uses, note: input.note ?? null };
    const params = { count: input.uses, expires: { moment: ends } };
    const shown: readonly ReportNode[] = [
      { type: 'paragraph', text: say('token.create.plan', params) },
      { type: 'fields', fields: wishFields(input, ends) },
    ];
    return Promise.resolve({ facts, shown });
  },
  steps: [make, register, writeNote],
  report(step) {
    const { handle, ends } = madeToken.parse(step.done[sealStep]);
    const params = { handle, count: step.input.uses };
    return [
      { type: 'outcome', outcome: 'ok', text: say('token.create.done', params) },
      {
        type: 'fields',
        fields: [
          { id: 'handle', label: say('token.field.handle'), value: handle },
          ...wishFields(step.input, ends),
        ],
      },
      ...codeNodes(step.done, 'token.secret'),
    ];
  },
});
