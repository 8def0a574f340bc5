import type { Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { matches } from '../../lab/proxy/rules.ts';
import type { RequestRecord } from '../../lab/proxy/request-log.ts';
import { accountOf, changeOf, passwordOf, tokenCount } from './accounts.ts';
import type { Sent } from './conversation.ts';
import { finalsIn } from './finals.ts';
import { outcomeOf } from '../../lab/answer.ts';

/** What became of the commands of a conversation, by the room's history and by the home server. */
export interface Reckoning {
  readonly commands: number;
  /** Commands without a final answer. */
  readonly lost: number;
  /** Commands with more than one. */
  readonly repeated: number;
  readonly unknown: number;
  readonly failed: number;
  /** Answers that came before the answer to an earlier command for the same account. */
  readonly overtaken: number;
  /** Where an answer says something else than the home server, or something was done twice. */
  readonly untrue: readonly string[];
}

const delivered = ({ status }: RequestRecord): boolean =>
  typeof status === 'number' && status < 300;

const lastOf = (
  sent: readonly Sent[],
  account: string,
  kind: 'rename' | 'lock',
): Sent | undefined => sent.findLast(({ wish }) => wish.kind === kind && wish.account === account);

/** An account against what was said about it. */
const untrueOf = async (
  lab: Lab,
  account: string,
  sent: readonly (Sent & { readonly outcome: string })[],
  requests: readonly RequestRecord[],
): Promise<string[]> => {
  const real = await accountOf(lab, account);
  const wrong: string[] = [];
  const adding = sent.find(({ wish }) => wish.kind === 'add' && wish.account === account);
  if (adding?.outcome === 'ok' && real === undefined) wrong.push(`${account}: said made, is not`);
  const changes = requests.filter((request) => matches(changeOf(account), request));
  const made = changes.filter(({ status }) => status === 201);
  if (made.length > 1) wrong.push(`${account}: made ${made.length} times`);
  const passwords = requests.filter((request) => matches(passwordOf(account), request));
  const different = new Set(passwords.map(({ body }) => body)).size;
  if (different > 1) wrong.push(`${account}: given ${different} passwords`);
  const locked = sent.some(
    ({ wish, outcome }) => wish.kind === 'lock' && wish.account === account && outcome === 'ok',
  );
  if (locked && real?.locked !== true) wrong.push(`${account}: said locked, is not`);
  const neverLocked = lastOf(sent, account, 'lock') === undefined;
  if (neverLocked && real?.locked === true) wrong.push(`${account}: locked, nobody asked`);
  for (const { wish, outcome } of sent) {
    if (wish.kind !== 'rename' || wish.account !== account) continue;
    const body = JSON.stringify({ displayname: wish.name });
    const times = changes.filter((change) => change.body === body && delivered(change)).length;
    if (times > 1) wrong.push(`${account}: renamed to ${wish.name} ${times} times`);
    const tried = changes.some((change) => change.body === body);
    if (outcome === 'ok' && !tried) wrong.push(`${account}: said ${wish.name}, nobody tried`);
  }
  const last = lastOf(sent, account, 'rename');
  if (last?.wish.kind === 'rename' && last.outcome === 'ok') {
    const { name } = last.wish;
    if (real?.displayname !== name) wrong.push(`${account}: is not ${name}`);
  }
  return wrong;
};

/**
 * Counts the answers that the home server keeps for each command and compares what they say with
 * what is there. `requests`: all that the bot has asked of the home server, over all its lives.
 */
export const reckon = async (
  lab: Lab,
  {
    person,
    room,
    sent,
    requests,
    tokensBefore = 0,
  }: {
    readonly person: Person;
    readonly room: string;
    readonly sent: readonly Sent[];
    readonly requests: readonly RequestRecord[];
    readonly tokensBefore?: number;
  },
): Promise<Reckoning> => {
  const history = await person.messages(room);
  const place = new Map(history.map(({ event_id: event }, i) => [event, i]));
  const inOrder = sent.toSorted((a, b) => (place.get(a.event) ?? 0) - (place.get(b.event) ?? 0));
  const judged = inOrder.map((each) => {
    const finals = finalsIn(history, each.event);
    const [first] = finals;
    return {
      ...each,
      finals: finals.length,
      outcome: first === undefined ? '' : outcomeOf(first),
      answeredAt: place.get(first?.event_id ?? '') ?? Infinity,
    };
  });
  const with_ = (outcome: string) => judged.filter((each) => each.outcome === outcome);
  const untrue: string[] = [];
  for (const { wish } of judged) {
    if (wish.kind === 'add') untrue.push(...(await untrueOf(lab, wish.account, judged, requests)));
  }
  const tokens = (await tokenCount(lab)) - tokensBefore;
  const asked = judged.filter(({ wish }) => wish.kind === 'token');
  const made = asked.filter(({ outcome }) => outcome === 'ok').length;
  const perhaps = asked.filter(({ outcome }) => outcome === 'unknown').length;
  if (tokens < made || tokens > made + perhaps) {
    untrue.push(`${made} (or ${perhaps} more) tokens said to be made, ${tokens} are there`);
  }
  const overtaken = judged.filter(({ wish, answeredAt }, i) =>
    judged.slice(0, i).some((earlier) => {
      const account = 'account' in earlier.wish ? earlier.wish.account : null;
      const same = 'account' in wish && wish.account === account;
      return same && earlier.answeredAt > answeredAt;
    }),
  );
  return {
    commands: judged.length,
    overtaken: overtaken.length,
    lost: judged.filter(({ finals }) => finals === 0).length,
    repeated: judged.filter(({ finals }) => finals > 1).length,
    unknown: with_('unknown').length,
    failed: judged.length - with_('unknown').length - with_('ok').length - with_('warning').length,
    untrue,
  };
};
