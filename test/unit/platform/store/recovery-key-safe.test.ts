import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseUserId } from '../../../../src/core/ids.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { RecoveryKeySafe } from '../../../../src/platform/store/recovery-key-safe.ts';
import { stateIn } from './new-state.ts';
import { handClock, testMasterKey } from './state-folder.ts';
import { tempFolder } from './temp-folder.ts';

const user = parseUserId('@urtc:x.org');
const key = new Secret('CANARY EsTc LW2K');
const year = 365 * 24 * 3_600_000;

function setUp(folder = tempFolder(), masterKey = testMasterKey()) {
  const database = stateIn(folder);
  const clock = handClock();
  const safe = new RecoveryKeySafe({ database, masterKey, clock, user });
  return { folder, database, clock, safe };
}

describe('[#32] the safe of the recovery key', () => {
  it('gives it once, when all that it opens is in its place, however late (fake clock)', () => {
    const { safe, clock, database } = setUp();
    expect(safe.state()).toEqual({ state: 'none' });
    expect(() => safe.show()).toThrow('E_RECOVERY_KEY_UNREADY');
    safe.keep(key);
    expect(safe.state()).toEqual({ state: 'unready' });
    expect(() => safe.show()).toThrow('E_RECOVERY_KEY_UNREADY');
    const since = clock.time;
    safe.ready();
    clock.time += year;
    safe.ready();
    expect(safe.state()).toEqual({ state: 'waiting', since });
    expect(safe.show().reveal()).toBe(key.reveal());
    expect(safe.state()).toEqual({ state: 'shown', at: since + year });
    expect(() => safe.show()).toThrow('E_RECOVERY_KEY_SHOWN');
    expect(safe.peek()).toBeNull();
    database.close();
  });

  it('keeps it over a restart, unreadable in the file, and gone from there once it was shown', () => {
    const first = setUp();
    first.safe.keep(key);
    first.safe.ready();
    first.database.close();
    expect(readFileSync(join(first.folder, 'state.sqlite')).includes('CANARY')).toBe(false);
    const again = setUp(first.folder);
    expect(again.safe.peek()?.reveal()).toBe(key.reveal());
    again.database.close();
    const other = setUp(first.folder, testMasterKey(2));
    expect(() => other.safe.peek()).toThrow();
    other.database.close();
  });

  it('holds no second key', () => {
    const { safe, database } = setUp();
    safe.keep(key);
    expect(() => safe.keep(new Secret('another'))).toThrow();
    expect(safe.peek()?.reveal()).toBe(key.reveal());
    database.close();
  });

  it('tells once that it waits, over restarts, and not when nothing waits', () => {
    const first = setUp();
    expect(first.safe.isToTell()).toBe(false);
    first.safe.keep(key);
    expect(first.safe.isToTell()).toBe(false);
    first.safe.ready();
    expect(first.safe.isToTell()).toBe(true);
    first.safe.told();
    first.database.close();
    const again = setUp(first.folder);
    expect(again.safe.isToTell()).toBe(false);
    expect(again.safe.state()).toMatchObject({ state: 'waiting' });
    again.database.close();
  });

  it('takes another one in the place of one that was shown, and tells the two apart', () => {
    const { safe, database } = setUp();
    expect(safe.madeAt()).toBeNull();
    safe.keep(key);
    safe.ready();
    safe.show();
    const first = safe.madeAt();
    safe.replace(new Secret('another'));
    expect(safe.madeAt()).not.toBe(first);
    expect(safe.state()).toEqual({ state: 'unready' });
    safe.ready();
    expect(safe.isToTell()).toBe(false);
    expect(safe.show().reveal()).toBe('another');
    expect(() => safe.show()).toThrow('E_RECOVERY_KEY_SHOWN');
    database.close();
  });

  it('knows that somebody has it who typed it in', () => {
    const { safe, clock, database } = setUp();
    safe.known();
    expect(safe.state()).toEqual({ state: 'shown', at: clock.time });
    expect(() => safe.show()).toThrow('E_RECOVERY_KEY_SHOWN');
    database.close();
  });
});
