import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { localpartOf, parseUserId, type UserId } from '../../core/ids.ts';
import type { Account } from '../users/user-directory.ts';

/**
 * An account as Synapse tells it, in a list and alone. In a list `creation_ts` is in ms, alone in s
 * (Synapse, storage/databases/main/__init__.py and registration.py); `last_seen_ts` is always in ms.
 */
export const accountAnswer = z.object({
  name: z.string(),
  displayname: z.string().nullish(),
  admin: z.coerce.boolean(),
  deactivated: z.coerce.boolean(),
  // Newer than the API itself (Synapse 1.93, 1.97): an old server has neither.
  locked: z.boolean().default(false),
  erased: z.boolean().optional(),
  creation_ts: z.number().nullish(),
  last_seen_ts: z.number().nullish(),
});

/** {@link accountAnswer}, parsed. */
export type AccountAnswer = z.output<typeof accountAnswer>;

/** One page of `GET /_synapse/admin/v2/users`. */
export const pageAnswer = z.object({
  users: z.array(accountAnswer),
  total: z.number().int().nonnegative(),
});

/** Ours out of Synapse's. `unit`: how many ms one unit of `creation_ts` is. Throws `E_ID_INVALID`. */
export function toAccount(answer: AccountAnswer, unit: 1 | 1000): Account {
  const userId: UserId = parseUserId(answer.name);
  return {
    localpart: localpartOf(userId),
    userId,
    displayName: answer.displayname ?? null,
    serverAdmin: answer.admin,
    locked: answer.locked,
    deactivated: answer.deactivated,
    ...(answer.erased === undefined ? {} : { erased: answer.erased }),
    createdAt: typeof answer.creation_ts === 'number' ? answer.creation_ts * unit : null,
    lastSeenAt: answer.last_seen_ts ?? null,
  };
}

/**
 * The accounts of a list. Ids that no command can name, in the grammar that Matrix had before 2017,
 * are returned beside them instead of being dropped.
 */
export function toAccounts(answers: readonly AccountAnswer[]): {
  readonly accounts: readonly Account[];
  readonly unnameable: readonly string[];
} {
  const accounts: Account[] = [];
  const unnameable: string[] = [];
  for (const answer of answers) {
    try {
      accounts.push(toAccount(answer, 1));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'E_ID_INVALID') throw error;
      unnameable.push(answer.name);
    }
  }
  return { accounts, unnameable };
}
