import { beforeEach, expect, test } from 'vitest';
import { readDirectInviter } from '../../../../src/bot/direct/invitation.ts';
import type { Obstacle } from '../../../../src/bot/direct/direct-rooms.ts';
import { SecretCourier } from '../../../../src/bot/direct/secret-courier.ts';
import { SecretHandOver, Withheld } from '../../../../src/bot/direct/secret-hand-over.ts';
import { MatrixFailure } from '../../../../src/bot/client/failure.ts';
import { parseEventId, parseRoomId, parseUserId } from '../../../../src/core/ids.ts';
import { Secret } from '../../../../src/core/secret.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { MasterKey } from '../../../../src/platform/store/master-key.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { SecretErrands } from '../../../../src/platform/store/secret-errands.ts';
import {
  createSealedSecrets,
  type SealedSecrets,
} from '../../../../src/platform/store/sealed-secrets.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { rememberingLog } from '../quiet-log.ts';

const room = parseRoomId('!direct:lab.test');
const person = parseUserId('@alice:lab.test');
const self = parseUserId('@bot:lab.test');
const secret = 'canary-canary-canary';
const signal = new AbortController().signal;

let clock: FakeClock;
let database: Database;
let outbox: SqliteOutbox;
let errands: SecretErrands;
let secrets: SealedSecrets;
let obstacle: Obstacle | null;
let isSigned: boolean;
let isListed: boolean;
let called: number;
let failures: MatrixFailure[];
let sealed: string[];
let stop: AbortController;
let code: string;

beforeEach(() => {
  clock = new FakeClock();
  database = stateIn(tempFolder());
  outbox = new SqliteOutbox(database);
  errands = new SecretErrands(database);
  const key = new MasterKey(new Secret(new Uint8Array(32).fill(7)));
  secrets = createSealedSecrets(database, key, clock);
  obstacle = null;
  isSigned = true;
  isListed = true;
  called = 0;
  failures = [];
  sealed = [];
  const { code: made, expiresAt } = secrets.seal(new Secret(secret), 'one', 'account:one');
  code = made;
  errands.add({ code, person, label: 'user add one', language: 'en', expiresAt });
});

const rooms = {
  ensure: () => {
    called += 1;
    const failure = failures.shift();
    return failure === undefined ? Promise.resolve(room) : Promise.reject(failure);
  },
  of: () => room,
  obstacle: () => Promise.resolve(obstacle),
};
const hasSignedDevice = () => Promise.resolve(isSigned);

/** One look of the courier at what there is to do. */
async function look(): Promise<void> {
  stop = new AbortController();
  const courier = new SecretCourier({
    ...{ database, errands, outbox, secrets, rooms, hasSignedDevice, clock },
    isListed: () => isListed,
    log: rememberingLog().log,
  });
  const ended = courier.run(stop.signal);
  // All that it waits for here is settled already.
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await ended;
}

const queued = () => [...outbox.heads(10)];
const handOver = () =>
  new SecretHandOver({
    ...{ rooms, secrets, hasSignedDevice },
    api: {
      send: (_room, type, _transaction, content) => {
        sealed.push(`${type} ${JSON.stringify(content)}`);
        return Promise.resolve(parseEventId('$1'));
      },
    },
    sealer: {
      seal: (_room, type, content) =>
        Promise.resolve({
          ciphertext: Buffer.from(type + JSON.stringify(content)).toString('hex'),
        }),
    },
  });
const send = () =>
  handOver().send(
    room,
    { kind: 'secret', code, person, label: 'l', language: 'en' },
    't',
    {},
    signal,
  );

test('[#25] the row of a secret holds its code, and not a word of it', async () => {
  await look();
  expect(queued()).toMatchObject([{ room, body: { kind: 'secret', code, person } }]);
  expect(JSON.stringify(queued())).not.toContain(secret);
});

test('it waits until the person has joined, who is invited once', async () => {
  obstacle = 'not-joined';
  await look();
  await look();
  expect(queued()).toEqual([]);
  expect(called).toBe(1);
  obstacle = null;
  await look();
  expect(queued()).toHaveLength(1);
});

test('a home server that is away is asked again', async () => {
  failures = [new MatrixFailure({ kind: 'unreachable', reason: 'away' })];
  await look();
  expect(queued()).toEqual([]);
  await look();
  expect(queued()).toHaveLength(1);
});

test.each(['no signed device', 'not listed any more'])(
  '%s: the code stays the way to it',
  async (why) => {
    if (why === 'no signed device') isSigned = false;
    else isListed = false;
    await look();
    expect(queued()).toEqual([]);
    expect(called).toBe(0);
    expect(errands.open()).toEqual([]);
    expect(secrets.peek(code)?.reveal()).toBe(secret);
  },
);

test('the code is used up when the secret is known to be in the room, and not before', async () => {
  await look();
  const [row] = queued();
  await look();
  expect(secrets.peek(code)?.reveal()).toBe(secret);
  if (row !== undefined) outbox.markSent(row.id, parseEventId('$1'), clock.now());
  await look();
  expect(secrets.peek(code)).toBeNull();
  expect(errands.open()).toEqual([]);
});

test('what was taken back waits again; what was shown on the server is over', async () => {
  await look();
  const [row] = queued();
  if (row !== undefined) outbox.drop(row.id, 'withheld', clock.now());
  obstacle = 'others';
  await look();
  expect(errands.open()).toMatchObject([{ code, out: null }]);
  secrets.open(code);
  await look();
  expect(errands.open()).toEqual([]);
});

test('[#25] only encrypted, and the code is left alone', async () => {
  await send();
  expect(sealed).toHaveLength(1);
  expect(sealed[0]).toMatch(/^m\.room\.encrypted \{"ciphertext":"[0-9a-f]+"\}$/);
  expect(secrets.peek(code)?.reveal()).toBe(secret);
});

test.each(['not-ours', 'not-joined', 'others', 'not-encrypted'] as const)(
  '[#25] a room that is %s when it is sent: nothing is sent',
  async (found) => {
    obstacle = found;
    await expect(send()).rejects.toBeInstanceOf(Withheld);
    expect(sealed).toEqual([]);
  },
);

test('nothing is sent to who has no signed device, nor when the code is used up', async () => {
  isSigned = false;
  await expect(send()).rejects.toBeInstanceOf(Withheld);
  isSigned = true;
  secrets.open(code);
  await expect(send()).rejects.toBeInstanceOf(Withheld);
  expect(sealed).toEqual([]);
});

const invite = (content: object, sender: string = person) => [
  { type: 'm.room.member', state_key: self, sender, content: { membership: 'invite', ...content } },
];

test('[#15] an invitation to a direct chat on our own server, and no other', () => {
  expect(readDirectInviter(room, invite({ is_direct: true }), self)).toBe(person);
  expect(readDirectInviter(parseRoomId('!v12'), invite({ is_direct: true }), self)).toBe(person);
  for (const [id, state] of [
    [room, invite({})],
    [room, invite({ is_direct: 'true' })],
    [room, invite({ is_direct: true }, '@alice:evil.test')],
    ['!direct:evil.test', invite({ is_direct: true })],
    [room, [7, null, {}]],
  ] as const) {
    expect(readDirectInviter(parseRoomId(id), state, self)).toBeNull();
  }
});
