import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { MatrixFailure, type Failure } from '../../../../src/bot/client/failure.ts';
import type { Encryption } from '../../../../src/bot/rooms/encryption-guard.ts';
import { Withheld } from '../../../../src/bot/direct/secret-hand-over.ts';
import { RateBudget } from '../../../../src/bot/sender/rate-budget.ts';
import { Sender } from '../../../../src/bot/sender/sender.ts';
import { parseEventId, parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { Database } from '../../../../src/platform/store/database.ts';
import { outboxMigration } from '../../../../src/platform/store/migrations/11-outbox.ts';
import type { OutboxDraft, OutboxItem } from '../../../../src/platform/store/outbox.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

const room = parseRoomId('!room:lab.test');

interface Sent {
  readonly what: string;
  readonly transactionId: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A sender whose home server is a list: what it takes, and what it fails with before. */
class Scene {
  readonly clock = new FakeClock();
  readonly sent: Sent[] = [];
  readonly failed: [OutboxItem, string][] = [];
  readonly failures: Failure[] = [];
  readonly tries: string[] = [];
  encryption: Encryption = 'plain';
  readUpTo = -Infinity;
  readonly stop = new AbortController();
  readonly database: Database;
  outbox: SqliteOutbox;
  ended: Promise<void> = Promise.resolve();
  sender: Sender;

  constructor() {
    this.database = new Database(join(tempFolder(), 'state.sqlite'), [outboxMigration], 'FULL');
    this.outbox = new SqliteOutbox(this.database);
    this.sender = this.#make();
  }

  #make(): Sender {
    const { clock } = this;
    const take = (what: string, transactionId: string, content: Sent['content']) => {
      this.tries.push(transactionId);
      const failure = this.failures.shift();
      if (failure !== undefined) return Promise.reject(new MatrixFailure(failure));
      this.sent.push({ what, transactionId, content });
      return Promise.resolve(parseEventId(`$${this.sent.length}`));
    };
    return new Sender({
      api: { url: 'http://lab.test' },
      writer: {
        send: (_room, type, transaction, content) => take(type, transaction, content),
        sendSecret: (_room, secret, transaction) => {
          if (secret.code === 'WITHHELD') return Promise.reject(new Withheld('not now'));
          return take('secret', transaction, {});
        },
        annotate: (_room, transaction, content) => take('m.reaction', transaction, content),
        redact: (_room, target, transaction, content) => take(`-${target}`, transaction, content),
        putState: (_room, type, _key, content) => take(type, 'state', content),
        attach: () => Promise.resolve({ url: 'mxc://lab.test/file' }),
      },
      outbox: this.outbox,
      clock,
      log: rememberingLog().log,
      budget: new RateBudget(() => clock.monotonic()),
      encryptionOf: () => this.encryption,
      hasReadUpTo: (moment) => this.readUpTo >= moment,
      onFailed: (item, reason) => void this.failed.push([item, reason]),
      transaction: (work) => {
        this.database.transaction(work);
      },
      random: () => 1,
    });
  }

  run(): this {
    this.ended = this.sender.run(this.stop.signal);
    this.ended.catch(() => undefined);
    return this;
  }

  /** Another process with the same file. */
  restart(): void {
    this.outbox = new SqliteOutbox(this.database);
    this.sender = this.#make();
  }

  add(lane: string, body: string, more: Partial<OutboxDraft> = {}) {
    return this.outbox.add(
      {
        room,
        lane,
        priority: 'answer',
        body: { kind: 'event', eventType: 'm', content: { body } },
        ...more,
      },
      this.clock.now(),
    );
  }

  get bodies(): unknown[] {
    return this.sent.map(({ content }) => content['body']);
  }

  /** Lets time pass, and what was waiting happen. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    this.sender.wake();
    await systemClock.sleep(5);
  }
}

let scene: Scene | null = null;
const open = (): Scene => (scene = new Scene());
afterEach(async () => {
  scene?.stop.abort();
  await scene?.ended.catch(() => undefined);
});

test('[#18] 429: the same row first, the urgent one before it, the order kept (fake server and clock)', async () => {
  const it = open();
  it.failures.push({ kind: 'limited', retryAfterMs: 5000 });
  for (const body of ['a', 'b', 'c']) it.add(body, body);
  it.run();
  await vi.waitFor(() => {
    expect(it.tries).toHaveLength(1);
  }, 20_000);
  await it.pass(0);
  it.add('alerts', 'alert', { priority: 'urgent' });
  await it.pass(4000);
  expect(it.sent).toEqual([]);
  await it.pass(1000);
  await vi.waitFor(() => {
    expect(it.bodies).toEqual(['alert']);
  }, 20_000);
  for (let i = 0; i < 3; i += 1) await it.pass(5000);
  expect(it.bodies).toEqual(['alert', 'a', 'b', 'c']);
});

test.each([
  { kind: 'unreachable', reason: 'ECONNRESET' },
  { kind: 'unavailable', status: 503, reason: 'busy' },
  { kind: 'malformed', reason: 'half' },
  { kind: 'not-matrix', status: 404, reason: '<html>' },
] as const)(
  '[#19] $kind: tried again with the same transaction id (fake server and clock)',
  async (failure) => {
    const it = open();
    it.failures.push(failure, failure);
    it.add('a', 'a');
    it.add('b', 'b');
    it.run();
    for (let i = 0; i < 4; i += 1) await it.pass(2000);
    expect(it.bodies).toEqual(['a', 'b']);
    expect(new Set(it.tries.slice(0, 3)).size).toBe(1);
  },
);

test('[#19] a row that is older than the memory of Synapse first looks for its echo (fake server and clock)', async () => {
  const it = open();
  const id = it.add('a', 'a');
  it.add('b', 'b');
  it.clock.advance(31 * 60_000);
  it.restart();
  it.run();
  await it.pass(1000);
  expect(it.tries).toEqual([]);
  it.outbox.markSent(id, parseEventId('$echo'), it.clock.now());
  it.readUpTo = it.clock.monotonic();
  await it.pass(1000);
  await vi.waitFor(() => {
    expect(it.bodies).toEqual(['b']);
  }, 20_000);
});

test('a row that the server refuses for good is told and stands in no way (fake server)', async () => {
  const it = open();
  it.failures.push({ kind: 'refused', status: 413, errcode: 'M_TOO_LARGE', reason: 'no' });
  const big = it.add('a', 'big');
  it.add('a', 'next');
  const edit = it.add('a', '', { body: { kind: 'edit', target: big, content: { body: 'e' } } });
  it.run();
  await vi.waitFor(() => {
    expect(it.bodies).toEqual(['next']);
  }, 20_000);
  expect(it.failed.map(([item, reason]) => [item.id, reason])).toEqual([
    [big, 'refused (413 M_TOO_LARGE): no'],
  ]);
  await vi.waitFor(() => {
    expect(it.outbox.fateOf(edit)?.state).toBe('dropped');
  }, 20_000);
});

test('[#27] a revoked token ends it (fake server)', async () => {
  const it = open();
  it.failures.push({ kind: 'revoked', errcode: 'M_UNKNOWN_TOKEN' });
  it.add('a', 'a');
  await expect(it.run().ended).rejects.toMatchObject({ code: 'E_TOKEN_REVOKED' });
  expect(it.tries).toHaveLength(1);
});

test('[#33] nothing goes out while it is not known whether the room is encrypted (fake server and clock)', async () => {
  const it = open();
  it.encryption = 'unknown';
  it.add('a', 'a');
  it.run();
  await it.pass(60_000);
  expect(it.tries).toEqual([]);
  it.encryption = 'plain';
  await it.pass(1000);
  await vi.waitFor(() => {
    expect(it.bodies).toEqual(['a']);
  }, 20_000);
});

test('references to rows become events once these are sent (fake server)', async () => {
  const it = open();
  const status = it.add('a', 'status');
  it.add('a', '', { body: { kind: 'edit', target: status, content: { body: 'new' } } });
  it.add('b', '', { body: { kind: 'reaction', target: status, key: '✅' } });
  it.add('c', '', { body: { kind: 'redaction', target: status, reason: 'done' } });
  it.run();
  await vi.waitFor(() => {
    expect(it.sent).toHaveLength(4);
  }, 20_000);
  const edit = it.sent.find(({ content }) => 'm.new_content' in content)?.content;
  expect(edit).toMatchObject({
    body: '* new',
    'm.new_content': { body: 'new' },
    'm.relates_to': { rel_type: 'm.replace', event_id: '$1' },
  });
  expect(it.sent.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['m.reaction', '-$1', 'm.room.message']),
  );
});

test('a row that the server chokes on does not keep the others for ever (fake server and clock)', async () => {
  const it = open();
  for (let i = 0; i < 8; i += 1) it.failures.push({ kind: 'unavailable', status: 500, reason: '' });
  it.add('poison', 'poison');
  it.add('b', 'b');
  it.run();
  for (let i = 0; i < 9; i += 1) await it.pass(10_000);
  await vi.waitFor(() => {
    expect(it.bodies[0]).toBe('b');
  }, 20_000);
  expect(new Set(it.tries.slice(0, 8)).size).toBe(1);
});

test('a secret that must not be sent is taken back, and nothing is said in its place (fake home server)', async () => {
  const here = open();
  const secret = (code: string) =>
    here.outbox.add(
      {
        ...{ room, lane: 'secret', priority: 'answer' },
        body: {
          kind: 'secret',
          code,
          person: parseUserId('@a:lab.test'),
          label: '',
          language: 'en',
        },
      },
      0,
    );
  const withheld = secret('WITHHELD');
  const good = secret('GOOD');
  here.run();
  await vi.waitFor(() => {
    expect(here.outbox.fateOf(good)?.state).toBe('sent');
  }, 20_000);
  expect(here.outbox.fateOf(withheld)?.state).toBe('dropped');
  expect(here.failed).toEqual([]);
  expect(here.sent.map(({ what }) => what)).toEqual(['secret']);
});
