import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { completion } from '../../../src/cli/completion.ts';
import { saveFile } from '../../../src/cli/save-file.ts';
import { groupId, groupsOfUser } from '../../../src/cli/sockets/group.ts';
import { LineSplitter, LineTooLong } from '../../../src/cli/sockets/lines.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'urtc-cli-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe('lines out of a stream', () => {
  it('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' ')),
          { maxLength: 8 },
        ),
        fc.integer({ min: 1, max: 7 }),
        (lines, size) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const splitter = new LineSplitter(10_000);
          const found: string[] = [];
          for (let at = 0; at < bytes.length; at += size)
            found.push(...splitter.push(bytes.subarray(at, at + size)));
          expect(found).toEqual(lines);
        },
      ),
    );
  });

  it('end at the limit, in one piece or in many', () => {
    expect(new LineSplitter(4).push(Buffer.from('1234\n'))).toEqual(['1234']);
    expect(() => new LineSplitter(4).push(Buffer.from('12345\n'))).toThrow(LineTooLong);
    const slow = new LineSplitter(4);
    slow.push(Buffer.from('1234'));
    expect(() => slow.push(Buffer.from('5'))).toThrow(LineTooLong);
  });
});

describe('a file of an answer', () => {
  it('is saved under a plain name, for us alone, over nothing', () => {
    const home = folder();
    const before = process.cwd();
    process.chdir(home);
    onTestFinished(() => process.chdir(before));
    writeFileSync('log.txt', 'mine');
    expect(saveFile('log.txt', Buffer.from('a'))).toBe('log-2.txt');
    expect(saveFile('../../etc/pass\u202ewd', Buffer.from('b'))).toBe('pass_wd');
    expect(readdirSync(home).sort()).toEqual(['log-2.txt', 'log.txt', 'pass_wd']);
    expect(readFileSync('log.txt', 'utf8')).toBe('mine');
    expect(statSync('log-2.txt').mode & 0o777).toBe(0o600);
  });
});

describe('a group', () => {
  it('is found by its whole name', () => {
    const file = join(folder(), 'group');
    writeFileSync(file, 'root:x:0:\nadm:x:4:syslog\nadmins:x:70:\n');
    const users = join(folder(), 'passwd');
    writeFileSync(users, 'root:x:0:0:::\nsyslog:x:104:110:::\n');
    expect([groupsOfUser(104, users, file), groupsOfUser(0, users, file)]).toEqual([[4], []]);
    expect([groupId('adm', file), groupId('admins', file), groupId('adminsx', file)]).toEqual([
      4,
      70,
      null,
    ]);
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('of %s knows the commands and the own options', (shell) => {
    const script = completion([shell], 'en');
    for (const word of ['user', 'config', 'completion']) expect(script).toContain(word);
    expect(script).toMatch(/--?l? ?'?json/);
  });

  it.each([[[]], [['tcsh']], [['bash', 'zsh']]])('refuses %j', (words) => {
    expect(() => completion(words, 'en')).toThrow(expect.objectContaining({ exitCode: 64 }));
  });
});
