import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeBase32, normaliseBase32 } from '../../../../src/core/base32.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { createSealedSecrets } from '../../../../src/platform/store/sealed-secrets.ts';
import { stateIn } from './new-state.ts';
import { handClock, testMasterKey } from './state-folder.ts';
import { tempFolder } from './temp-folder.ts';

const hour = 60 * 60 * 1000;
const password = new Secret('CANARY correct horse');
const unknown = expect.objectContaining({ code: 'E_SECRET_CODE_UNKNOWN' }) as Error;

function setUp() {
  const folder = tempFolder();
  const database = stateIn(folder);
  const clock = handClock();
  const sealed = createSealedSecrets(database, testMasterKey(), clock);
  return { folder, database, clock, sealed };
}

describe('[#25] sealed secrets', () => {
  it('are given once, by a code that is easy to type', () => {
    const { sealed, database, clock } = setUp();
    const { code, expiresAt } = sealed.seal(password, 'alice', 'account:alice');
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(expiresAt).toBe(clock.time + hour);
    const opened = sealed.open(` ${code.toLowerCase().replace('-', '')} `);
    expect([opened.secret.reveal(), opened.label]).toEqual([password.reveal(), 'alice']);
    expect(() => sealed.open(code)).toThrow(unknown);
    database.close();
  });

  it('can be read again by a step that goes on after a crash, until they are used', () => {
    const { folder, sealed, database, clock } = setUp();
    const { code } = sealed.seal(password, 'alice', 'account:alice');
    database.close();
    const reopened = stateIn(folder);
    const after = createSealedSecrets(reopened, testMasterKey(), clock);
    expect(after.peek(code)?.reveal()).toBe(password.reveal());
    expect(after.peek(code)?.reveal()).toBe(password.reveal());
    after.open(code);
    expect(after.peek(code)).toBeNull();
    reopened.close();
  });

  it('expire after an hour, and their rows go with the next change (fake clock)', () => {
    const { sealed, database, clock } = setUp();
    const { code } = sealed.seal(password, 'alice', 'account:alice');
    clock.time += hour - 1;
    expect(sealed.peek(code)).not.toBeNull();
    clock.time += 1;
    expect(sealed.peek(code)).toBeNull();
    expect(() => sealed.open(code)).toThrow(unknown);
    sealed.seal(password, 'bob', 'account:bob');
    clock.time += hour;
    sealed.seal(password, 'carol', 'account:carol');
    const labels = database.all(
      z.object({ label: z.string() }),
      'SELECT label FROM sealed_secrets',
    );
    expect(labels).toEqual([{ label: 'carol' }]);
    database.close();
  });

  it.each(['', '-', 'ZZZZ-ZZZZ', 'x'.repeat(60_000), '💥', '\0'])(
    'refuse an unknown code: %j',
    (code) => {
      const { sealed, database } = setUp();
      sealed.seal(password, 'alice', 'account:alice');
      expect(sealed.peek(code)).toBeNull();
      expect(() => sealed.open(code)).toThrow(unknown);
      database.close();
    },
  );

  it('say nothing to who has the file and the code but another master key', () => {
    const { sealed, database, clock } = setUp();
    const { code } = sealed.seal(password, 'alice', 'account:alice');
    const thief = createSealedSecrets(database, testMasterKey(2), clock);
    expect(thief.peek(code)).toBeNull();
    database.close();
  });

  it('refuse a row whose label, time or content was changed', () => {
    for (const change of [
      `label = 'mallory'`,
      'expires_at = expires_at + 1000000000',
      'sealed = zeroblob(length(sealed))',
      'sealed = substr(sealed, 1, 20)',
    ]) {
      const { sealed, database } = setUp();
      const { code } = sealed.seal(password, 'alice', 'account:alice');
      expect(database.run(`UPDATE sealed_secrets SET ${change}`)).toBe(1);
      expect(sealed.peek(code), change).toBeNull();
      database.close();
    }
  });

  it('leave neither secret nor code in the file, and nothing of the row once used', () => {
    const { folder, sealed, database } = setUp();
    const file = join(folder, 'state.sqlite');
    const { code } = sealed.seal(password, 'label-to-look-for', 'account:label-to-look-for');
    database.run('PRAGMA wal_checkpoint(TRUNCATE)');
    const before = readFileSync(file);
    expect(before.includes('label-to-look-for')).toBe(true);
    expect(before.includes('CANARY')).toBe(false);
    expect(before.includes(normaliseBase32(code))).toBe(false);
    sealed.open(code);
    database.close();
    expect(readFileSync(file).includes('label-to-look-for')).toBe(false);
  });

  it('tell why they are good no longer, as often as asked, and are gone from then on', () => {
    const { sealed, database, clock } = setUp();
    const [older, newer] = [0, 1].map(() => sealed.seal(password, 'alice', 'account:alice').code);
    const { code: other } = sealed.seal(password, 'bob', 'account:bob');
    sealed.withdraw('account:alice', 'replaced', newer ?? '');
    const code = older ?? '';
    expect(sealed.peek(code)).toBeNull();
    const replaced = expect.objectContaining({
      ...{ code: 'E_SECRET_REPLACED', params: { account: 'alice', token: 'alice' } },
    }) as Error;
    expect(() => sealed.open(code)).toThrow(replaced);
    expect(() => sealed.open(code)).toThrow(replaced);
    const sealedLength = z.object({ bytes: z.int() });
    expect(
      database.all(
        sealedLength,
        'SELECT length(sealed) AS bytes FROM sealed_secrets WHERE withdrawn IS NOT NULL',
      ),
    ).toEqual([{ bytes: 0 }]);
    // What ended it first stays the reason.
    sealed.withdraw('account:alice', 'deactivated', null);
    expect(() => sealed.open(code)).toThrow(replaced);
    expect(() => sealed.open(newer ?? '')).toThrow(
      expect.objectContaining({ code: 'E_SECRET_DEACTIVATED' }),
    );
    expect(sealed.open(other).label).toBe('bob');
    clock.time += hour;
    expect(() => sealed.open(code)).toThrow(unknown);
    database.close();
  });

  it('are withdrawn only with the transaction of their caller', () => {
    const { sealed, database } = setUp();
    const { code } = sealed.seal(password, 'alice', 'account:alice');
    expect(() =>
      database.transaction(() => {
        sealed.withdraw('account:alice', 'deactivated', null);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(sealed.open(code).secret.reveal()).toBe(password.reveal());
    database.close();
  });

  it('are undone with the transaction of their caller', () => {
    const { sealed, database } = setUp();
    let code = '';
    expect(() =>
      database.transaction(() => {
        ({ code } = sealed.seal(password, 'alice', 'account:alice'));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(sealed.peek(code)).toBeNull();
    database.close();
  });
});

describe('base32', () => {
  it('encodes the known examples', () => {
    expect(encodeBase32(Buffer.from('hello'))).toBe('D1JPRV3F');
    expect(encodeBase32(new Uint8Array(5))).toBe('00000000');
    expect(encodeBase32(new Uint8Array(5).fill(255))).toBe('ZZZZZZZZ');
  });

  it('gives every five bytes their own eight characters', () => {
    const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const same = Buffer.from(a).equals(b);
        expect(encodeBase32(a) === encodeBase32(b)).toBe(same);
        expect(normaliseBase32(encodeBase32(a).toLowerCase())).toBe(encodeBase32(a));
      }),
    );
  });

  it('understands what people type', () => {
    expect(normaliseBase32(' o1iL–abCd ')).toBe('0111ABCD');
  });
});
