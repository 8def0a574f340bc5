import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BotProcess } from '../../lab/bot-process.ts';
import { soakCount } from '../../lab/count.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { insertNamed } from './display-names.ts';

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
const patienceMs = 15_000;

const run = (...args: string[]) => urtc([...args, '--config', bot.configFile]);
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
const list = async (...args: string[]) => {
  const { code, stdout } = await run('user', 'list', ...args, '--json');
  expect(code).toBe(0);
  return page.parse(JSON.parse(stdout));
};

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
    const names = new Set<string>();
    let count = 0;
    for (let number = 1; number <= 10; number += 1) {
      const { tables, fields } = await timed(`page ${number}`, () =>
        list('pupil', '--limit=100', `--page=${number}`),
      );
      expect(fields).toEqual({ total: there, page: number, pages: 10 });
      count += tables.accounts.length;
      for (const { name } of tables.accounts) names.add(name);
    }
    expect([names.size, count]).toEqual([there, there]);
    const { tables } = await list('pupil-0500');
    expect(tables.accounts).toEqual([{ name: 'pupil-0500' }]);
  });

  it(
    'soak: [P150] are made through the tool itself, four calls at a time, with a secret each',
    { timeout: 3_600_000 },
    async () => {
      const count = soakCount(1000, 'accounts made by `urtc user add`');
      const codes = new Set<string>();
      const started = performance.now();
      let next = 0;
      const make = async (): Promise<void> => {
        for (let i = next++; i < count; i = next++) {
          const answer = await run('user', 'add', `made-${i}`);
          expect(answer, `made-${i}`).toMatchObject({ code: 0, stderr: '' });
          codes.add(/secret show (\S+?)`/.exec(answer.stdout)?.[1] ?? '');
        }
      };
      await Promise.all([make(), make(), make(), make()]);
      const seconds = (performance.now() - started) / 1000;
      process.stdout.write(
        `${count} accounts in ${seconds.toFixed(0)} s, ${((1000 * seconds) / count).toFixed(0)} ms each\n`,
      );
      expect(codes.size).toBe(count);
      expect((await list('made-', '--limit=500')).fields.total).toBe(count);
      const answer = await timed('a page after that', () => alice.ask(room, '!user list made-'));
      expect(answer.outcome).toBe('ok');
    },
  );
});
