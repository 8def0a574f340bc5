import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { longestLocalpart, type Localpart } from '../../../core/ids.ts';
import {
  belongsTo,
  newNameProblem,
  readAccountName,
  type AccountName,
  type NameProblem,
} from '../../../ops/users/account-name.ts';
import { displayNameProblem, longestDisplayName } from '../../../ops/users/display-name.ts';
import { because } from '../../parse/reason.ts';

/** Argument that names an account: `alice` or `@alice:server`. */
export const accountName = z.string().transform((text, context): AccountName => {
  const name = readAccountName(text);
  if (!('problem' in name)) return name;
  context.addIssue({ code: 'custom', ...reasonFor(name) });
  return z.NEVER;
});

function reasonFor(name: NameProblem): ReturnType<typeof because> {
  switch (name.problem) {
    case 'grammar':
      return because('user.name.grammar');
    case 'long':
      return because('user.name.long', { limit: longestLocalpart });
    case 'case':
      return because('user.name.case', { suggestion: name.suggestion });
    default:
      return name satisfies never;
  }
}

/** {@link accountName} that a new account may be given. */
export const newAccountName = accountName
  .refine((name) => newNameProblem(name.localpart) !== 'digits', because('user.name.digits'))
  .refine(
    (name) => newNameProblem(name.localpart) !== 'underscore',
    because('user.name.underscore'),
  );

/** A display name, with no white space around it. */
export const displayName = z
  .string()
  .refine((text) => displayNameProblem(text) !== 'empty', because('user.display-name.empty'))
  .refine(
    (text) => displayNameProblem(text) !== 'long',
    because('user.display-name.long', { limit: longestDisplayName }),
  )
  .refine(
    (text) => displayNameProblem(text) !== 'invisible',
    because('user.display-name.invisible'),
  )
  .transform((text) => text.trim());

/** Commands that name an account have it under this name. */
export interface Named {
  readonly name: AccountName;
}

/** The key of the lock that commands on this account hold while they run. */
export function accountKey(name: AccountName): string {
  return `account:${name.localpart}`;
}

/** The account on this home server that a name means. Throws `E_USER_OTHER_SERVER`. */
export function ours(name: AccountName, serverName: string): Localpart {
  if (belongsTo(name, serverName)) return name.localpart;
  throw new AppError('E_USER_OTHER_SERVER', {
    account: `@${name.localpart}:${name.server ?? serverName}`,
    server: serverName,
  });
}
