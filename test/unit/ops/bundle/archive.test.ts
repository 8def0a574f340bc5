import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Archive } from '../../../../src/ops/bundle/archive.ts';
import { MemoryBundle } from '../../../../src/ops/bundle/memory-bundle.ts';
import { safeName } from '../../../../src/ops/bundle/safe-name.ts';
import { unpacked } from './unpacked.ts';

const at = Date.UTC(2026, 10, 22, 12);
const kibibyte = 1024;

function begin(mostBytes = 1024 * kibibyte) {
  const memory = new MemoryBundle();
  const archive = new Archive({ sink: memory, root: 'b', at, mostBytes });
  return { memory, archive };
}

describe('the archive of a bundle', () => {
  it('is one that gzip and tar open, in its order, for its owner alone, under one folder', async () => {
    const { memory, archive } = begin();
    const long = 'line\n'.repeat(200_000);
    expect(await archive.add('a.txt', Buffer.from('one'))).toBe('a.txt');
    expect(await archive.add('logs/pod/c.log', Buffer.from(long))).toBe('logs/pod/c.log');
    expect(await archive.add('empty.txt', Buffer.from(''))).toBe('empty.txt');
    const { bytes, sha256 } = await archive.end('manifest.json', Buffer.from('{}'));
    const whole = memory.take();
    expect(whole.byteLength).toBe(bytes);
    expect(createHash('sha256').update(whole).digest('hex')).toBe(sha256);
    const { files, order, folder } = unpacked(whole);
    expect(order).toEqual(['a.txt', 'logs/pod/c.log', 'empty.txt', 'manifest.json']);
    expect(files.get('logs/pod/c.log')).toBe(long);
    expect(files.get('empty.txt')).toBe('');
    const { mode, mtimeMs } = statSync(join(folder, 'b/a.txt'));
    expect([mode & 0o777, mtimeMs]).toEqual([0o600, at]);
  });

  it('never gets longer than it may: what does not fit is refused, and the last file still fits', async () => {
    const most = 300 * kibibyte;
    const { memory, archive } = begin(most);
    const taken: boolean[] = [];
    for (let nth = 0; nth < 5; nth += 1) {
      taken.push((await archive.add(`${nth}`, randomBytes(80 * kibibyte))) !== null);
    }
    expect(taken).toEqual([true, true, false, false, false]);
    // A smaller one that comes later still gets in.
    expect(await archive.add('small', Buffer.from('x'))).toBe('small');
    await archive.end('manifest.json', randomBytes(120 * kibibyte));
    const whole = memory.take();
    expect(whole.byteLength).toBeLessThanOrEqual(most);
    expect(unpacked(whole).order).toEqual(['0', '1', 'small', 'manifest.json']);
  });

  it('gives a second file of a name a number', async () => {
    const { memory, archive } = begin();
    const names = [];
    for (let nth = 0; nth < 3; nth += 1) {
      names.push(await archive.add('logs/p/c.previous.log', Buffer.from(String(nth))));
    }
    await archive.end('m', Buffer.from(''));
    expect(names).toEqual([
      'logs/p/c.previous.log',
      'logs/p/c-2.previous.log',
      'logs/p/c-3.previous.log',
    ]);
    expect(unpacked(memory.take()).files.get('logs/p/c-3.previous.log')).toBe('2');
  });
});

/** Of these, more is spoilt than of others. */
const odd = fc.constantFrom('.', '/', '-', '_', 'a', 'Z', '0', ' ', '\0', '\n', 'é', '☃', '\u202e');

describe('a name that others have chosen', () => {
  it.each([
    ['ess-synapse-main-0', 'ess-synapse-main-0'],
    ['../../etc/passwd', /^[\w.-]+$/],
    ['..', /^_/],
    ['.ssh', /^_/],
    ['-rf', /^_/],
    ['', /^_[0-9a-f]{8}$/],
    ['a/b\0c\nd', /^a_b_c_d_[0-9a-f]{8}$/],
    ['x'.repeat(253), /^x{63}_[0-9a-f]{8}$/],
  ])('%j becomes a plain one', (name, expected) => {
    expect(safeName(name)).toMatch(expected);
  });

  it('is one plain step whatever it is, and two stay two', () => {
    fc.assert(
      fc.property(fc.string({ unit: odd }), fc.string({ unit: odd }), (one, other) => {
        const safe = safeName(one);
        expect(safe).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,71}$/);
        if (one !== other) expect(safeName(other)).not.toBe(safe);
      }),
    );
  });

  it('does not lead out of the folder where it is unpacked', async () => {
    const { memory, archive } = begin();
    for (const name of ['../../up', '/etc/passwd', '..', 'con\ntrol']) {
      await archive.add(`logs/${safeName(name)}/${safeName(name)}.log`, Buffer.from(name));
    }
    await archive.end('m', Buffer.from(''));
    const { files } = unpacked(memory.take());
    expect(files.size).toBe(5);
    for (const path of files.keys()) expect(path).toMatch(/^(m|logs\/[\w.-]+\/[\w.-]+\.log)$/);
  });
});
