import { z } from 'zod';
import type { JsonObject } from '../../../core/json.ts';
import type { Field, ReportNode } from '../../../core/report.ts';
import { say, type Phrase, type Text } from '../../../core/text.ts';
import type { Account } from '../../../platform/users/user-directory.ts';

/** What an account can do now, in a word. */
export function stateOf(account: Account): Phrase {
  if (account.deactivated && account.erased === true) return say('user.state.erased');
  if (account.deactivated) return say('user.state.deactivated');
  return say(account.locked ? 'user.state.locked' : 'user.state.active');
}

const moment = (at: number | null): Text => (at === null ? null : { moment: at });

/** An account as key–value lines, the same in `user show` and in every question. */
export function accountFields(account: Account): readonly Field[] {
  return [
    { id: 'account', label: say('user.field.account'), value: account.userId },
    { id: 'display_name', label: say('user.field.display-name'), value: account.displayName },
    { id: 'state', label: say('user.field.state'), value: stateOf(account) },
    { id: 'server_admin', label: say('user.field.admin'), value: account.serverAdmin },
    { id: 'created', label: say('user.field.created'), value: moment(account.createdAt) },
    { id: 'last_seen', label: say('user.field.last-seen'), value: moment(account.lastSeenAt) },
  ];
}

/**
 * What a confirmation freezes of an account. Not when it was last seen: that moves while the person
 * is reading the question, and nothing depends on it.
 */
export function accountFacts(account: Account): JsonObject {
  return {
    account: account.userId,
    display_name: account.displayName,
    server_admin: account.serverAdmin,
    locked: account.locked,
    deactivated: account.deactivated,
    erased: account.erased ?? null,
    created: account.createdAt,
  };
}

/** The part of the facts that answers are made of. */
export const plannedAccount = z.looseObject({ account: z.string() });

/** The line that says how it went. */
export function done(text: Phrase): ReportNode {
  return { type: 'outcome', outcome: 'ok', text };
}

/** A question about an account: what will happen, and to whom. */
export function question(account: Account, ...sentences: readonly Phrase[]): readonly ReportNode[] {
  return [
    ...sentences.map((text): ReportNode => ({ type: 'paragraph', text })),
    { type: 'fields', fields: accountFields(account) },
  ];
}
