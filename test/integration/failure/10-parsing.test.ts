import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bot: MetBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'parsing' });
  alice = lab.person('alice');
  bot = await MetBot.meet(lab);
  room = bot.room;
});
afterAll(() => lab.stop());

/** The account as the home server has it; null: there is none. */
async function displayNameOf(localpart: string): Promise<string | null> {
  const path = `/_synapse/admin/v2/users/${encodeURIComponent(`@${localpart}:lab.test`)}`;
  const account: unknown = await lab.admin.request({ path }).catch(() => null);
  if (account === null || typeof account !== 'object' || !('displayname' in account)) return null;
  return typeof account.displayname === 'string' ? account.displayname : null;
}

/** Paths of the admin API that the bot has asked for since `clear`. */
const adminPaths = (): string[] =>
  lab.proxy.log
    .all({ path: /^\/_synapse\// })
    .map((request) => `${request.method} ${request.path}${request.query.size > 0 ? '?…' : ''}`);

describe('[#10] what phones and copied text do to a command', () => {
  test.each([
    ['smart quotes', '!user add p1 --display-name=“Eins Zwei”', 'p1', 'Eins Zwei'],
    ['quotes of other countries', '!user add p2 --display-name=„Eins Zwei“', 'p2', 'Eins Zwei'],
    ['no-break and other spaces', '!user\u00a0add\u2003p3\u3000--display-name=Eins', 'p3', 'Eins'],
    ['marks that nobody sees', '\u200f!us\u200ber a\u2060dd \u200ep4\ufeff', 'p4', 'p4'],
    ['a long dash for two short ones', '!user add p5 —display-name=Eins', 'p5', 'Eins'],
    ['line breaks', '!user add p6\n--display-name="Eins\u2028Zwei"', 'p6', null],
    ['right-to-left letters', '!user add p7 --display-name="אבג דהו"', 'p7', 'אבג דהו'],
    ['an operand after --', '!user add -- p8', 'p8', 'p8'],
  ])('%s: understood', async (_what, line, localpart, displayName) => {
    const answer = await alice.ask(room, line);
    if (displayName === null) {
      // A name can't hold a line break: refused by the name's own rule, not half read.
      expect(answer.body).toContain('E_ARGUMENT_INVALID');
      expect(await displayNameOf(localpart)).toBeNull();
      return;
    }
    expect(answer.outcome).toBe('ok');
    expect(await displayNameOf(localpart)).toBe(displayName);
  });

  // Encrypted, the largest event of 64 KiB holds some 48 kB.
  const misunderstood = [
    ['an unclosed quote', '!user add q1 --display-name="Eins Zwei', 'E_PARSE_QUOTE'],
    ['an override that turns text round', '!user add q1\u202etxt', 'E_PARSE_CHARACTER'],
    ['an isolate', '!user show \u2066q1\u2069', 'E_PARSE_CHARACTER'],
    ['a tag character', '!user show q\u{e0041}1', 'E_PARSE_CHARACTER'],
    ['binary', `!user show ${String.fromCharCode(1, 2, 3, 27, 127, 0x9b)}`, 'E_PARSE_CHARACTER'],
    ['what is left of binary', '!user show \ufffd\ufffd\ufffd', 'E_ARGUMENT_INVALID'],
    ['a second command', '!version\n!user add q1', 'E_PARSE_SECOND_COMMAND'],
    ['45 kB', `!user add ${'q'.repeat(45_000)}`, 'E_PARSE_TOO_LONG'],
    ['20 kB of quotes', `!user add ${'"'.repeat(20_000)}`, 'E_PARSE_TOO_LONG'],
    ['45 kB of Chinese', `!user add ${'用'.repeat(15_000)}`, 'E_PARSE_TOO_LONG'],
    ['15 kB of one word', `!user show ${'q'.repeat(15_000)}`, 'E_ARGUMENT_INVALID'],
    ['15 kB of words', `!user show ${'q '.repeat(7500)}`, 'E_ARGUMENT_EXTRA'],
    ['nothing', '!', 'E_PARSE_EMPTY'],
    ['only a --', '! --', 'E_PARSE_EMPTY'],
    ['an unknown command', '!usr add q1', 'E_COMMAND_UNKNOWN'],
    ['an unknown flag', '!user add q1 --adnim', 'E_FLAG_UNKNOWN'],
    ['a flag twice', '!user list --page=1 --page=2', 'E_FLAG_REPEATED'],
    ['upper case', '!user show Alice', 'E_ARGUMENT_INVALID'],
  ] as const;

  test('is answered by an error with its code and a next step, and nothing is done', async () => {
    lab.proxy.log.clear();
    const answers = await Promise.all(
      misunderstood.map(async ([what, line, code]) => {
        const answer = await alice.ask(room, line, { timeoutMs: 60_000 });
        return { what, code, answer };
      }),
    );
    for (const { what, code, answer } of answers) {
      expect(answer.outcome, what).toMatch(/^(failed|refused)$/);
      expect(answer.body, what).toContain(code);
      // The next step has an arrow before it, and something behind.
      expect(answer.body, what).toMatch(/→ \S{3}/);
      expect(Buffer.byteLength(answer.body), what).toBeLessThan(2000);
      expect(answer.parts, what).toHaveLength(1);
    }
    expect(adminPaths()).toEqual([]);
    expect(await displayNameOf('q1')).toBeNull();
  });

  test('the caret of an error points, also beside wide and right-to-left letters', async () => {
    const { html } = await alice.ask(room, '!user add 用户 --adnim');
    expect(html).toContain(
      '<pre><code>!user add 用户 --adnim\n               ^~~~~~~</code></pre>',
    );
  });
});

describe('[#11] what a shell or a path would make something of', () => {
  const hostile = [
    '; rm -rf /',
    '$(touch /tmp/x)',
    '`id`',
    '| cat /etc/passwd',
    '&& reboot',
    '> /etc/passwd',
    '%2e%2e%2f',
    'a%00b',
    "' OR 1=1 --",
    '${HOME}',
    'a?admins=true',
    'a#b',
    'a\\..\\b',
  ];
  const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

  test('as the name of an account, it is refused', async () => {
    lab.proxy.log.clear();
    const lines = hostile.map((value) => `!user show -- ${quoted(value)}`);
    for (const { body } of await Promise.all(lines.map((line) => alice.ask(room, line)))) {
      expect(body).toContain('E_ARGUMENT_INVALID');
    }
    expect(adminPaths()).toEqual([]);
  });

  test('as the name of an account that could be one, it is that name and no step in the path', async () => {
    const odd = [
      '../../../_synapse/admin/v1/server_version',
      '..',
      '.',
      'a/../b',
      '-rf',
      '--admin',
    ];
    for (const value of odd) {
      lab.proxy.log.clear();
      const answer = await alice.ask(room, `!user show -- ${value}`);
      expect(answer.body).toContain('E_USER_UNKNOWN');
      const encoded = encodeURIComponent(`@${value}:lab.test`).replaceAll('.', '%2E');
      expect(adminPaths()).toEqual([`GET /_synapse/admin/v2/users/${encoded}`]);
    }
  });

  test('as a display name, it reaches the home server as it is', async () => {
    await alice.ask(room, '!user add shell');
    for (const value of hostile) {
      lab.proxy.log.clear();
      const answer = await alice.ask(room, `!user rename shell ${quoted(value)}`);
      expect(answer.outcome).toBe('ok');
      expect(await displayNameOf('shell')).toBe(value);
      const [put] = lab.proxy.log.all({ method: 'PUT', path: /\/admin\/v2\/users\// });
      expect(JSON.parse(put?.body ?? '{}')).toEqual({ displayname: value });
    }
  });

  test('as a search, it is a search', async () => {
    for (const value of ['%', '../..', 'a&admins=true', '; rm']) {
      lab.proxy.log.clear();
      await alice.ask(room, `!user list "${value}"`);
      const [asked, ...more] = lab.proxy.log.all({ path: /^\/_synapse\// });
      expect(more).toEqual([]);
      expect(asked?.path).toBe('/_synapse/admin/v2/users');
      expect(asked?.query.get('name')).toBe(value);
      expect(asked?.query.get('admins')).toBeNull();
    }
  });

  test('on the terminal, operands stay operands', async () => {
    const config = ['--config', bot.process.configFile];
    const unknown = await urtc(['user', 'show', ...config, '--', '--config=/etc/passwd']);
    expect(unknown.code).toBe(64);
    expect(unknown.stdout + unknown.stderr).toContain('E_USER_UNKNOWN');
    const shown = await urtc(['user', 'show', ...config, '--', '$(id)']);
    expect(shown.stdout + shown.stderr).toContain('E_ARGUMENT_INVALID');
    const renamed = await urtc(['user', 'rename', ...config, 'shell', '--', '--yes', '$(id) *']);
    expect(renamed.code).toBe(0);
    expect(await displayNameOf('shell')).toBe('--yes $(id) *');
  });
});
