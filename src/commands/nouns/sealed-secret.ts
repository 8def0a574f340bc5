import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ReportNode } from '../../core/report.ts';
import type { Secret } from '../../core/secret.ts';
import { say } from '../../core/text.ts';
import type { WordKey } from '../../core/words/index.ts';
import type { Capabilities, SealedSecrets } from '../capabilities.ts';

/** Name of the step that makes and seals a secret: the first of every command that has one. */
export const sealStep = 'seal';

/**
 * Result of that step. `code` opens it once, on the server's terminal, until `expires`; `at` is when
 * it was made. Both in ms since the epoch.
 */
const sealed = z.object({ code: z.string(), expires: z.number(), at: z.number() });

/** Puts a secret away; the result of the step. Throws what the store throws. */
export function seal(
  { sealedSecrets, clock }: Pick<Capabilities, 'sealedSecrets' | 'clock'>,
  secret: Secret<string>,
  label: string,
  subject: string,
): JsonObject {
  const { code, expiresAt } = sealedSecrets.seal(secret, label, subject);
  return { code, expires: expiresAt, at: clock.now() };
}

/** When the secret was made, ms since the epoch. */
export function sealedAt(done: JsonObject): number {
  return sealed.parse(done[sealStep]).at;
}

/** The secret, for a later step; null once it has expired or was handed over. */
export function peekSealed(secrets: SealedSecrets, done: JsonObject): Secret<string> | null {
  return secrets.peek(sealed.parse(done[sealStep]).code);
}

/** {@link peekSealed}, where the step can't do without it. Throws `E_SECRET_CODE_UNKNOWN`. */
export function unseal(secrets: SealedSecrets, done: JsonObject): Secret<string> {
  const secret = peekSealed(secrets, done);
  if (secret === null) throw new AppError('E_SECRET_CODE_UNKNOWN');
  return secret;
}

/** Ends the older secrets of the subject: only the one that these steps have set is good now. */
export function withdrawOlder(secrets: SealedSecrets, done: JsonObject, subject: string): void {
  secrets.withdraw(subject, 'replaced', sealed.parse(done[sealStep]).code);
}

/** Ids of the fields that {@link codeNodes} makes. */
const codeField = 'secret_code';
const validField = 'secret_valid_until';

/** The code that a report tells, and when it ends (ms since the epoch); null: it tells none. */
export function sealedCodeOf(
  report: readonly ReportNode[],
): { readonly code: string; readonly expiresAt: number } | null {
  const fields = report.flatMap((node) => (node.type === 'fields' ? node.fields : []));
  const code = fields.find(({ id }) => id === codeField)?.value;
  const end = fields.find(({ id }) => id === validField)?.value;
  const until = z.object({ moment: z.number() }).safeParse(end);
  return typeof code === 'string' && until.success ? { code, expiresAt: until.data.moment } : null;
}

/** How the one reader of the secret gets at it; the secret itself is in no answer. */
export function codeNodes(done: JsonObject, hint: WordKey): readonly ReportNode[] {
  const { code, expires } = sealed.parse(done[sealStep]);
  return [
    {
      type: 'fields',
      fields: [
        { id: codeField, label: say('user.secret.code'), value: code },
        {
          id: validField,
          label: say('user.secret.valid-until'),
          value: { moment: expires },
        },
      ],
    },
    { type: 'hint', text: say(hint, { code }) },
  ];
}
