import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  BackupDecryptionKey,
  RequestType,
  RoomId,
  UserId,
  type OlmMachine,
} from '@matrix-org/matrix-sdk-crypto-wasm';
import { describe, expect, it } from 'vitest';
import { openDevice } from '../../../../../src/platform/store/device.ts';
import { tempFolder } from '../temp-folder.ts';
import { encrypt, identityOf, openMachine, room, storeName, user } from './crypto-machine.ts';
import { contentOf } from './idb.ts';

const fail = (error: unknown): never => {
  throw error;
};

const backUp = async (machine: OlmMachine): Promise<void> => {
  const key = BackupDecryptionKey.createRandomKey();
  await machine.enableBackupV1(key.megolmV1PublicKey.publicKeyBase64, '1');
  const request = await machine.backupRoomKeys();
  if (request === undefined) throw new Error('nothing to back up');
  await machine.markRequestAsSent(
    request.id,
    RequestType.KeysBackup,
    JSON.stringify({ etag: '1', count: 1 }),
  );
};

/** How bytes could stand in a file, whatever stands before them. */
const formsOf = (bytes: Buffer): Buffer[] => {
  const forms = [bytes, Buffer.from(bytes.toString('hex'))];
  for (const encoding of ['base64', 'base64url'] as const) {
    for (let before = 0; before < 3; before += 1) {
      const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
      // What depends on the neighbours is left out.
      forms.push(Buffer.from(text.slice(before === 0 ? 0 : 4, -4)));
    }
  }
  return forms.flatMap((form) => [form, Buffer.from(form.toString('latin1'), 'utf16le')]);
};

const isIn = (files: readonly Buffer[], bytes: Buffer): boolean =>
  formsOf(bytes).some((form) => files.some((file) => file.includes(form)));

describe('the crypto store on our IndexedDB', () => {
  it('is there again as it was, also what it writes with cursors', async () => {
    const file = join(tempFolder(), 'device.sqlite');
    const device = openDevice(file);
    const first = await openMachine(device, fail);
    const identity = await identityOf(first.machine);
    const { session, index } = await encrypt(first.machine);
    await backUp(first.machine);
    expect((await first.machine.roomKeyCounts()).backedUp).toBe(1);
    await first.machine.disableBackup();
    await first.machine.deleteSecretsFromInbox('m.megolm_backup.v1');
    const content = await contentOf(first.factory);
    device.close();

    const again = openDevice(file);
    const second = await openMachine(again, fail);
    expect(await contentOf(second.factory)).toEqual(content);
    expect(await identityOf(second.machine)).toEqual(identity);
    expect((await second.machine.roomKeyCounts()).backedUp).toBe(0);
    expect(await encrypt(second.machine)).toEqual({ session, index: index + 1 });
    again.close();
  });

  it('leaves no name and no key of the chat on the disk in clear', async () => {
    const file = join(tempFolder(), 'device.sqlite');
    const device = openDevice(file);
    const { machine, factory } = await openMachine(device, fail);
    const keys = await identityOf(machine);
    await machine.updateTrackedUsers([new UserId(user)]);
    const { session } = await encrypt(machine);
    const exported = await machine.exportRoomKeys(() => true);
    const sessionKey = /"session_key":"([^"]+)"/.exec(exported)?.[1] ?? '';
    expect(sessionKey.length).toBeGreaterThan(100);
    expect(new RoomId(room).toString()).toBe(room);

    const onDisk = (): Buffer[] =>
      [file, `${file}-wal`].filter((each) => existsSync(each)).map((each) => readFileSync(each));
    const canaries = [user, room, session, sessionKey, ...keys].flatMap((text) => [
      Buffer.from(text),
      // Of a key also the bytes themselves; of a long one a part is enough.
      ...(text === user || text === room ? [] : [Buffer.from(text, 'base64').subarray(0, 48)]),
    ]);
    const look = (): void => {
      for (const canary of canaries) expect(isIn(onDisk(), canary), inspect(canary)).toBe(false);
      // The search finds what is there.
      expect(isIn(onDisk(), Buffer.from(storeName))).toBe(true);
    };
    // What the store gives us is not all sealed: without our own seal this would stand there.
    expect(inspect(await contentOf(factory), { depth: 9, maxArrayLength: null })).toContain(user);
    look();
    device.close();
    look();
  });

  it('encrypts nothing when the disk does not take it', async () => {
    const device = openDevice(join(tempFolder(), 'device.sqlite'));
    const heard: string[] = [];
    const { machine } = await openMachine(device, (error) => heard.push(`lost: ${String(error)}`));
    await identityOf(machine);
    await encrypt(machine);
    device.script(
      "CREATE TRIGGER broken BEFORE INSERT ON indexed_db_row BEGIN SELECT RAISE(FAIL, 'broken'); END",
    );
    encrypt(machine).then(
      () => heard.push('encrypted'),
      () => heard.push('refused'),
    );
    await expect.poll(() => heard.length, { interval: 5, timeout: 5000 }).toBe(1);
    for (let turn = 0; turn < 200; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(heard).toEqual(['lost: Error: broken']);
    device.close();
  });
});
