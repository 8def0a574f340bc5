import { z } from 'zod';
import type { Column, ReportNode } from '../../../core/report.ts';
import { say, type Text } from '../../../core/text.ts';
import { searchTerm } from '../../../ops/users/account-name.ts';
import type { Account, AccountPage } from '../../../platform/users/user-directory.ts';
import { defineRead } from '../../command.ts';
import { printWord } from '../../parse/print.ts';
import { wholeNumber } from '../whole-number.ts';
import { stateOf } from './shown-account.ts';

const columns: readonly Column[] = [
  { id: 'name', label: say('user.field.name') },
  { id: 'display_name', label: say('user.field.display-name') },
  { id: 'state', label: say('user.field.state') },
  { id: 'server_admin', label: say('user.field.admin') },
  { id: 'created', label: say('user.field.created') },
  { id: 'last_seen', label: say('user.field.last-seen') },
];

const moment = (at: number | null): Text => (at === null ? null : { moment: at });

const row = (account: Account): readonly Text[] => [
  account.localpart,
  account.displayName,
  stateOf(account),
  account.serverAdmin,
  moment(account.createdAt),
  moment(account.lastSeenAt),
];

/** Accounts on a page: what a phone shows without much scrolling. */
const usualLimit = 25;

interface Wish {
  readonly search: string | undefined;
  readonly page: number;
  readonly limit: number;
  readonly all: boolean;
}

/** The line that shows the page after this one, without prefix. */
function nextPage({ search, page, limit, all }: Wish): string {
  return [
    'user list',
    ...(search === undefined ? [] : [printWord(search)]),
    `--page=${page + 1}`,
    ...(limit === usualLimit ? [] : [`--limit=${limit}`]),
    ...(all ? ['--all'] : []),
  ].join(' ');
}

function* below(found: AccountPage, input: Wish): Generator<ReportNode> {
  const pages = Math.max(1, Math.ceil(found.total / input.limit));
  const { unnameable = [] } = found;
  if (unnameable.length > 0) {
    const names = unnameable.join(', ');
    yield { type: 'paragraph', text: say('user.list.unnameable', { names }) };
  }
  if (input.page > pages) {
    yield { type: 'paragraph', text: say('user.list.beyond', { count: pages }) };
  }
  yield {
    type: 'fields',
    fields: [
      { id: 'total', label: say('user.field.total'), value: found.total },
      { id: 'page', label: say('user.field.page'), value: input.page },
      { id: 'pages', label: say('user.field.pages'), value: pages },
    ],
  };
  if (input.page < pages) {
    yield { type: 'hint', text: say('user.list.next', { command: nextPage(input) }) };
  }
}

/** `user list [SEARCH] [--page=N] [--limit=N] [--all]`: the home server searches, sorts and pages. */
export const userList = defineRead({
  words: ['user', 'list'],
  summary: 'user.list.summary',
  role: 'viewer',
  surface: 'everywhere',
  arguments: {
    search: { schema: z.string().optional(), about: 'user.argument.search', optional: true },
  },
  flags: {
    page: {
      schema: wholeNumber({ least: 1, most: 1_000_000, usual: 1 }),
      about: 'user.flag.page',
      value: 'N',
    },
    limit: {
      schema: wholeNumber({ least: 1, most: 500, usual: usualLimit }),
      about: 'user.flag.limit',
      value: 'N',
    },
    all: { schema: z.boolean(), about: 'user.flag.all' },
  },
  uses: ['users', 'identity'],
  examples: ['user list', 'user list ali', 'user list --page=2 --all'],
  async *run({ users, identity, signal }, input) {
    const search = searchTerm(input.search ?? '', identity.serverName);
    const found = await users.list(
      {
        ...(search === null ? {} : { search }),
        includeDeactivated: input.all,
        limit: input.limit,
        offset: (input.page - 1) * input.limit,
      },
      signal,
    );
    yield { type: 'title', text: say('user.list.title') };
    yield { type: 'table', id: 'accounts', columns, rows: found.accounts.map(row) };
    yield* below(found, input);
  },
});
