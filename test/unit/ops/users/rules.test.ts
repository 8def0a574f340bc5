import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  belongsTo,
  newNameProblem,
  readAccountName,
  searchTerm,
} from '../../../../src/ops/users/account-name.ts';
import { displayNameProblem } from '../../../../src/ops/users/display-name.ts';
import {
  makeReadableSecret,
  readableSecretBits,
} from '../../../../src/ops/users/readable-secret.ts';
import { parseLocalpart } from '../../../../src/core/ids.ts';
import { anyCharacter } from '../../any-character.ts';

describe('a readable secret', () => {
  it('has at least 90 bits in four groups without vowels and look-alikes', () => {
    expect(readableSecretBits).toBeGreaterThanOrEqual(90);
    const made = Array.from({ length: 1000 }, () => makeReadableSecret().reveal());
    expect(new Set(made).size).toBe(1000);
    for (const secret of made)
      expect(secret).toMatch(/^([b-hj-km-np-tv-xz2-9]{5}-){3}[b-z2-9]{5}$/);
    const letters = new Map<string, number>();
    for (const letter of made.join('').replaceAll('-', '')) {
      letters.set(letter, (letters.get(letter) ?? 0) + 1);
    }
    expect([...letters.keys()].sort().join('')).toBe('23456789bcdfghjkmnpqrstvwxz');
    // 20 000 letters of 27: each about 741 times, with a standard deviation of 27.
    for (const times of letters.values()) expect(Math.abs(times - 741)).toBeLessThan(7 * 27);
  });
});

describe('an account name', () => {
  it('is bare or a full id, and keeps its server for the check', () => {
    expect(readAccountName('alice')).toEqual({ localpart: 'alice', server: null });
    expect(readAccountName('@alice:x.org:8448')).toEqual({
      ...{ localpart: 'alice', server: 'x.org:8448' },
    });
    expect(belongsTo({ localpart: parseLocalpart('a'), server: 'X.org' }, 'x.org')).toBe(true);
    expect(belongsTo({ localpart: parseLocalpart('a'), server: 'x.org.evil' }, 'x.org')).toBe(
      false,
    );
  });

  it('in upper case gets the lower-case one suggested', () => {
    expect(readAccountName('Alice')).toEqual({ problem: 'case', suggestion: 'alice' });
    expect(readAccountName('@ALICE:x.org')).toEqual({
      problem: 'case',
      suggestion: '@alice:x.org',
    });
  });

  it('[#11] that could mean something to a shell is none; that looks like an option or a path is one', () => {
    for (const bad of ['$(x)', '; rm', '`x`', 'a b', '', '@', '@a', 'a:b', 'é', 'a\u200b', 'a\n']) {
      expect(readAccountName(bad), bad).toEqual({ problem: 'grammar' });
    }
  });

  it('tells one that is only too long from one with wrong letters', () => {
    for (const long of ['a'.repeat(201), 'A'.repeat(300), `@${'a'.repeat(201)}:lab.test`]) {
      expect(readAccountName(long)).toEqual({ problem: 'long' });
    }
    expect(readAccountName('a'.repeat(200))).toMatchObject({ localpart: 'a'.repeat(200) });
    expect(readAccountName('ä'.repeat(300))).toEqual({ problem: 'grammar' });
    for (const odd of ['--x', 'a/../b', '..', '-']) {
      expect(readAccountName(odd)).toEqual({ localpart: odd, server: null });
    }
  });

  it('is read from any text without a throw, and what is read is a localpart', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const name = readAccountName(text);
        if (!('problem' in name)) expect(parseLocalpart(name.localpart)).toBe(name.localpart);
      }),
    );
  });

  it('of a new account is neither a guest’s nor a bridge’s', () => {
    expect(newNameProblem(parseLocalpart('007'))).toBe('digits');
    expect(newNameProblem(parseLocalpart('_irc_bob'))).toBe('underscore');
    expect(newNameProblem(parseLocalpart('bob_7'))).toBeNull();
  });

  it('is searched for by its localpart', () => {
    expect(searchTerm('@alice:x.org', 'x.org')).toBe('alice');
    expect(searchTerm('@ali', 'x.org')).toBe('ali');
    expect(searchTerm('alice:x.org', 'x.org')).toBe('alice:x.org');
    expect(searchTerm(' Anna B ', 'x.org')).toBe('Anna B');
    expect(searchTerm('  ', 'x.org')).toBeNull();
  });
});

describe('a display name', () => {
  it('is visible text of bounded length', () => {
    expect(displayNameProblem('陈晓明 🙂')).toBeNull();
    expect(displayNameProblem('🙂'.repeat(256))).toBeNull();
    expect(displayNameProblem('🙂'.repeat(257))).toBe('long');
    expect(displayNameProblem(' \u00a0')).toBe('empty');
    for (const hidden of ['a\nb', 'a\u202eb', 'a\u200bb', 'a\u0007b']) {
      expect(displayNameProblem(hidden)).toBe('invisible');
    }
  });
});
