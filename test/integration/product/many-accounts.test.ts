import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { soakCount } from '../../lab/count.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { insertNamed } from './display-names.ts';
import { callMany } from './many-calls.ts';

let lab: Lab;
let bot: BotProcess;
let alice: Person;
let room: string;
const there = 1000;

beforeAll(async () => {
  lab = await startLab({ name: 'many' });
  const names = Array.from({ length: there }, (_, i): [string, string] => [
    `pupil-${String(i).padStart(4, '0')}`,
    `Pupil ${i} of class ${i % 40}`,
  ]);
  insertNamed(lab, new Map(names));
  bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  alice = lab.person('alice');
  await alice.ask(room, '!version');
});
afterAll(() => lab.stop());

/** Generous, for a machine that does much else; what it took is printed. */
const patienceMs = 60_000;

const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const started = performance.now();
  const result = await work();
  const ms = Math.round(performance.now() - started);
  process.stdout.write(`${what}: ${ms} ms\n`);
  expect(ms, what).toBeLessThan(patienceMs);
  return result;
};
const page = z.object({
  fields: z.object({ total: z.number(), page: z.number(), pages: z.number() }),
  tables: z.object({ accounts: z.array(z.object({ name: z.string() })) }),
});
/** Calls of `urtc` in one process (many-calls.ts), all of which must succeed: what each printed. */
const runMany = async (calls: readonly (readonly string[])[]): Promise<string[]> => {
  const config = ['--config', bot.configFile];
  const results = await callMany(
    calls.map((args) => [...args, ...config]),
    lab.folder,
  );
  for (const [i, result] of results.entries()) {
    expect(result, calls[i]?.join(' ')).toMatchObject({ code: 0, stderr: '' });
  }
  return results.map(({ stdout }) => stdout);
};
const pagesOf = (printed: readonly string[]) => printed.map((text) => page.parse(JSON.parse(text)));

describe('a thousand accounts', () => {
  it('are listed, paged and searched in the room in a bounded time', async () => {
    const first = await timed('a page in the room', () => alice.ask(room, '!user list pupil'));
    expect(first.body).toContain('pupil-0000');
    expect(first.body).toContain('1,000');
    expect(first.body).toContain('--page=2');
    const last = await timed('the last page', () => alice.ask(room, '!user list pupil --page=40'));
    expect(last.body).toContain('pupil-0999');
    expect(last.body).not.toContain('--page=41');
    const found = await timed('a search', () => alice.ask(room, '!user list "class 39"'));
    expect(found.body.match(/pupil-\d{4}/g)).toHaveLength(there / 40);
    const large = await timed('500 of them', () => alice.ask(room, '!user list pupil --limit=500'));
    expect(large.outcome).toBe('ok');
    const none = await alice.ask(room, '!user list no-such-name');
    expect(none.outcome).toBe('ok');
  });

  it('are all on the pages of the terminal, each once', async () => {
    const calls = Array.from({ length: 10 }, (_, i) => [
      ...['user', 'list', 'pupil', '--limit=100', `--page=${i + 1}`, '--json'],
    ]);
    const one = ['user', 'list', 'pupil-0500', '--json'];
    const printed = await timed('eleven pages', () => runMany([...calls, one]));
    const pages = pagesOf(printed);
    const found = pages.pop();
    for (const [i, { fields }] of pages.entries()) {
      expect(fields).toEqual({ total: there, page: i + 1, pages: 10 });
    }
    const names = pages.flatMap(({ tables }) => tables.accounts.map(({ name }) => name));
    expect([new Set(names).size, names.length]).toEqual([there, there]);
    expect(found?.tables.accounts).toEqual([{ name: 'pupil-0500' }]);
  });

  it(
    'soak: [P150] are made through the tool itself, four calls at a time, with a secret each',
    { timeout: 3_600_000 },
    async () => {
      const count = soakCount(1000, 'accounts made by `urtc user add`');
      const started = performance.now();
      const lines = Array.from({ length: count }, (_, i) => ['user', 'add', `made-${i}`]);
      // Four processes, each of which makes its part one after the other.
      const parts = [0, 1, 2, 3].map((part) => lines.filter((_, i) => i % 4 === part));
      const printed = (await Promise.all(parts.map(runMany))).flat();
      const codes = new Set(printed.map((text) => /secret show (\S+?)`/.exec(text)?.[1]));
      const seconds = (performance.now() - started) / 1000;
      process.stdout.write(
        `${count} accounts in ${seconds.toFixed(0)} s, ${((1000 * seconds) / count).toFixed(0)} ms each\n`,
      );
      expect(codes).not.toContain(undefined);
      expect(codes.size).toBe(count);
      const pages = pagesOf(await runMany([['user', 'list', 'made-', '--json']]));
      expect(pages.map(({ fields }) => fields.total)).toEqual([count]);
      const answer = await timed('a page after that', () => alice.ask(room, '!user list made-'));
      expect(answer.outcome).toBe('ok');
    },
  );
});
