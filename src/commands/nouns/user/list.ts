import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import type { Column, ReportNode } from '../../../core/report.ts';
import { say, type Text } from '../../../core/text.ts';
import { searchTerm } from '../../../ops/users/account-name.ts';
import type { Account, AccountPage } from '../../../platform/users/user-directory.ts';
import { defineRead } from '../../command.ts';
import { printOperands, printShellWord, printWord } from '../../parse/print.ts';
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

/** The line that shows another page, without prefix, as it is typed where the answer is read. */
function lineOf({ search, limit, all }: Wish, page: number, surface: 'room' | 'terminal'): string {
  const print = surface === 'room' ? printWord : printShellWord;
  return [
    'user list',
    `--page=${page}`,
    ...(limit === usualLimit ? [] : [`--limit=${limit}`]),
    ...(all ? ['--all'] : []),
    ...(search === undefined ? [] : [printOperands([search], print)]),
  ].join(' ');
}

function* below(
  found: AccountPage,
  input: Wish,
  surface: 'room' | 'terminal',
): Generator<ReportNode> {
  const pages = Math.max(1, Math.ceil(found.total / input.limit));
  const { unnameable = [] } = found;
  if (unnameable.length > 0) {
    const names = unnameable.join(', ');
    yield { type: 'paragraph', text: say('user.list.unnameable', { names }) };
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
    const command = lineOf(input, input.page + 1, surface);
    yield { type: 'hint', text: say('user.list.next', { command }) };
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
  async *run({ users, identity, surface, signal }, input) {
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
    const pages = Math.max(1, Math.ceil(found.total / input.limit));
    if (input.page > pages) {
      const command = lineOf(input, pages, surface);
      throw new AppError('E_USER_PAGE_BEYOND', { page: input.page, last: pages, command });
    }
    yield { type: 'title', text: say('user.list.title') };
    yield { type: 'table', id: 'accounts', columns, rows: found.accounts.map(row) };
    yield* below(found, input, surface);
  },
});
