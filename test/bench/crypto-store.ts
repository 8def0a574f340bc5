import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeviceId,
  EncryptionSettings,
  OlmMachine,
  RoomId,
  StoreHandle,
  UserId,
  initAsync,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { Secret } from '../../src/core/secret.ts';
import { Database } from '../../src/platform/store/database.ts';
import { openDurableIndexedDb } from '../../src/platform/store/indexed-db/durable.ts';
import { installIndexedDb } from '../../src/platform/store/indexed-db/install.ts';
import { indexedDbMigration } from '../../src/platform/store/indexed-db/migration.ts';
import { MasterKey } from '../../src/platform/store/master-key.ts';
import type { Figure } from './figure.ts';
import type { Counts } from './options.ts';
import { median, pairedRatio, percentile } from './statistics.ts';

const user = '@bot:bench.test';
const room = '!room:bench.test';
const fewSessions = 10;
const messagesPerTurn = 20;

/** Knows how long its transactions took, each with the wait for the disk. */
class TimedDatabase extends Database {
  /** Milliseconds, all together. */
  spent = 0;

  override transaction<Result>(work: () => Result): Result {
    const start = performance.now();
    try {
      return super.transaction(work);
    } finally {
      this.spent += performance.now() - start;
    }
  }
}

interface Store {
  readonly database: TimedDatabase;
  readonly machine: OlmMachine;
}

const open = async (file: string): Promise<Store> => {
  const database = new TimedDatabase(file, [indexedDbMigration], 'FULL');
  const masterKey = new MasterKey(new Secret(new Uint8Array(32).fill(1)));
  const factory = await openDurableIndexedDb(database, masterKey, (error) => {
    throw error;
  });
  installIndexedDb(factory);
  const handle = await StoreHandle.openWithKey('bench', new Uint8Array(32).fill(2));
  const machine = await OlmMachine.initFromStore(new UserId(user), new DeviceId('BENCH'), handle);
  return { database, machine };
};

const close = ({ database, machine }: Store): void => {
  machine.close();
  database.close();
};

/** A session that somebody else spoke in, as an export of room keys has it. */
const foreignSession = (number: number): unknown => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const signing = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  return {
    algorithm: 'm.megolm.v1.aes-sha2',
    room_id: `!room-${number % 50}:bench.test`,
    sender_key: base64(randomBytes(32)),
    session_id: base64(signing),
    // Version 1, index 0, the ratchet, the public key (docs/megolm.md#session-export-format).
    session_key: base64(Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), randomBytes(128), signing])),
    sender_claimed_keys: { ed25519: base64(signing) },
    forwarding_curve25519_key_chain: [],
  };
};

const fill = async ({ machine }: Store, sessions: number): Promise<void> => {
  const exported = Array.from({ length: sessions }, (_, number) => foreignSession(number));
  await machine.importExportedRoomKeys(JSON.stringify(exported), () => undefined);
  const { total } = await machine.roomKeyCounts();
  if (total !== sessions) throw new Error(`${total} sessions in the store instead of ${sessions}`);
};

interface Times {
  readonly encrypt: number[];
  readonly flush: number[];
}

const encryptTurn = async ({ database, machine }: Store, times: Times): Promise<void> => {
  for (let message = 0; message < messagesPerTurn; message += 1) {
    database.spent = 0;
    const start = performance.now();
    await machine.shareRoomKey(new RoomId(room), [new UserId(user)], new EncryptionSettings());
    await machine.encryptRoomEvent(new RoomId(room), 'm.room.message', '{"body":"bench"}');
    times.encrypt.push(performance.now() - start);
    times.flush.push(database.spent);
  }
};

/**
 * (g) What the store of the crypto costs with many sessions, beside one with ten: a message that is
 * encrypted and on the disk, the part of it that is the disk, and the opening at a start.
 */
export const measureCryptoStore = async (counts: Counts): Promise<Figure[]> => {
  await initAsync();
  const folder = mkdtempSync(join(tmpdir(), 'urtc-bench-'));
  const files = { few: join(folder, 'few.sqlite'), many: join(folder, 'many.sqlite') };
  try {
    let few = await open(files.few);
    let many = await open(files.many);
    await fill(few, fewSessions);
    await fill(many, counts.storedSessions);
    const none = (): Times => ({ encrypt: [], flush: [] });
    const times = { few: none(), many: none() };
    // As many turns before: until the write-ahead log begins anew, it grows with what is written.
    for (let turn = -counts.storeTurns; turn < counts.storeTurns; turn += 1) {
      const isWarm = turn >= 0;
      await encryptTurn(few, isWarm ? times.few : none());
      await encryptTurn(many, isWarm ? times.many : none());
    }
    const opening: { readonly few: number[]; readonly many: number[] } = { few: [], many: [] };
    close(few);
    close(many);
    for (let turn = 0; turn < counts.storeOpenings; turn += 1) {
      const start = performance.now();
      few = await open(files.few);
      const between = performance.now();
      many = await open(files.many);
      opening.few.push(between - start);
      opening.many.push(performance.now() - between);
      close(few);
      close(many);
    }
    const sessions = `${counts.storedSessions} sessions in the store; baseline: ${fewSessions}`;
    const megabytes = (statSync(files.many).size / 1e6).toFixed(1);
    const figure = (name: string, of: (times: Times) => readonly number[]): Figure => ({
      ...{ name: `crypto store, ${name}, p50`, unit: 'ms' },
      ours: median(of(times.many)),
      baseline: median(of(times.few)),
      ratio: pairedRatio(of(times.many), of(times.few), messagesPerTurn),
      targets: [{ kind: 'ratio', atMost: 1.3 }],
      note: `${sessions}; ${times.many.encrypt.length} messages each, in turns of ${messagesPerTurn}; p95 ${percentile(of(times.many), 0.95).toFixed(2)} and ${percentile(of(times.few), 0.95).toFixed(2)} ms`,
    });
    return [
      figure('encrypt and flush', ({ encrypt }) => encrypt),
      figure('flush alone', ({ flush }) => flush),
      {
        ...{ name: 'crypto store, open', unit: 'ms', targets: [] },
        ours: median(opening.many),
        baseline: median(opening.few),
        note: `${sessions}; ${opening.many.length} openings each, WASM loaded before; the file has ${megabytes} MB`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
