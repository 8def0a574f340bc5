import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reaches, type Rank } from '../../../src/commands/actor.ts';
import { commands } from '../../../src/commands/nouns/index.ts';
import { shapeProblems } from '../../../src/commands/registry-problems.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { urtc } from '../../lab/product.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { callMany } from '../product/many-calls.ts';
import { finalsIn } from './finals.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let otto: Person;
let vera: Person;
let mallory: Person;
let bot: MetBot;
let room: string;

beforeAll(async () => {
  lab = await startLab({ name: 'who-may', people: ['alice', 'otto', 'vera', 'mallory'] });
  alice = lab.person('alice');
  otto = lab.person('otto');
  vera = lab.person('vera');
  mallory = lab.person('mallory');
  const people = [
    { user: alice.userId, role: 'admin' },
    { user: otto.userId, role: 'operator' },
    { user: vera.userId, role: 'viewer' },
    { user: '@absent:lab.test', role: 'admin' },
  ];
  bot = await MetBot.meet(lab, { people, entering: [alice, otto, vera] });
  room = bot.room;
  await register(lab.synapse.baseUrl, { localpart: 'somebody' });
});
afterAll(() => lab.stop());

const onTerminal = async (...args: string[]) => {
  const { code, stdout, stderr } = await urtc([...args, '--config', bot.process.configFile]);
  return { code, text: stdout + stderr };
};

/** The audit lines of an actor, straight from the file. */
function auditOf(actor: string): { decision: string; result: string; line: string }[] {
  const database = new DatabaseSync(bot.file('state.sqlite'), { readOnly: true });
  try {
    const rows = database
      .prepare(
        `SELECT entry ->> 'decision' AS decision, entry ->> 'result' AS result, entry ->> 'line' AS line
         FROM audit WHERE entry ->> 'actor' = ? ORDER BY sequence`,
      )
      .all(actor);
    return rows.map((row) => ({
      decision: String(row['decision']),
      result: String(row['result']),
      line: String(row['line']),
    }));
  } finally {
    database.close();
  }
}

const adminRequests = (): string[] =>
  lab.proxy.log
    .all({ path: /^\/_synapse\/admin\// })
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);

describe('[#14] a stranger in the admin room, with power level 100', () => {
  test('runs every registered command: no echo, one audit line each, nothing done', async () => {
    const chief = await MetBot.unborn(lab);
    chief.room = await mallory.createRoom({
      roomVersion: '11',
      invite: [chief.userId, alice.userId],
      more: {
        power_level_content_override: { users: { [mallory.userId]: 100, [chief.userId]: 50 } },
      },
    });
    await chief.start({ settings: { adminRoom: chief.room } });
    await alice.join(chief.room);
    await alice.ask(chief.room, '!version');
    lab.proxy.log.clear();
    const since = mallory.mark(chief.room);
    const lines = commands.map(({ examples }) => `!${examples[0] ?? ''}`);
    const odd = ['!', '!nonsense', '!user add "', '！version', 'B2C3', '!'.repeat(5000)];
    const sent = await Promise.all(
      [...lines, ...odd].map((line) => mallory.send(chief.room, line)),
    );
    const last = await alice.ask(chief.room, '!version');
    // What came before that answer she has seen then, too.
    await mallory.sees(chief.room, last.event.event_id);
    const events = mallory.timeline(chief.room).events.slice(since);
    for (const event of sent) expect(finalsIn(events, event)).toEqual([]);
    const named = JSON.stringify(events.filter((event) => event.sender === chief.userId));
    for (const event of sent) expect(named).not.toContain(event);
    expect(adminRequests()).toEqual([]);
    await chief.term();
    const database = new DatabaseSync(join(lab.folder, chief.name, 'data', 'state.sqlite'));
    const audited = database
      .prepare(`SELECT entry FROM audit WHERE entry ->> 'actor' = ?`)
      .all(mallory.userId)
      .map((row) => String(row['entry']));
    database.close();
    expect(audited).toHaveLength(sent.length);
    for (const event of sent) {
      expect(audited.filter((entry) => entry.includes(event))).toHaveLength(1);
    }
    // What a stranger says is not kept: it could be anything.
    expect(audited.join()).not.toContain('nonsense');
    for (const entry of audited) expect(entry).toContain('E_NOT_ALLOWED');
  });
});

describe('[#12] roles', () => {
  const seats = new Map<Rank, () => Person>([
    ['viewer', () => vera],
    ['operator', () => otto],
    ['admin', () => alice],
  ]);

  test('every registered command as a viewer and as an operator in the room: refused or not, by its role', async () => {
    for (const rank of ['viewer', 'operator'] as const) {
      const person = seats.get(rank)?.() ?? alice;
      const tooHigh = commands.filter(
        ({ role, surface }) => surface === 'everywhere' && !reaches(rank, role),
      );
      expect(tooHigh.length).toBeGreaterThan(4);
      lab.proxy.log.clear();
      const answers = await Promise.all(
        tooHigh.map(({ examples }) => person.ask(room, `!${examples[0] ?? ''}`)),
      );
      for (const [i, { body, outcome }] of answers.entries()) {
        expect(outcome, String(tooHigh[i]?.words)).toBe('refused');
        expect(body).toContain('E_ROLE_TOO_LOW');
      }
      expect(adminRequests()).toEqual([]);
    }
    expect((await vera.ask(room, '!user list')).outcome).toBe('ok');
    expect((await otto.ask(room, '!user lock somebody')).outcome).toBe('ok');
    expect((await otto.ask(room, '!user unlock somebody')).outcome).toBe('ok');
  });

  test('what works only on the terminal is refused in the room, to an admin too', async () => {
    const own = commands.filter(({ surface }) => surface === 'terminal');
    expect(own.length).toBeGreaterThan(0);
    for (const { examples } of own) {
      const answer = await alice.ask(room, `!${examples[0] ?? ''}`);
      expect(answer.body).toContain('E_TERMINAL_ONLY');
    }
  });

  test('a command without a role can not be registered', () => {
    for (const command of commands) {
      const rest = Object.fromEntries(Object.entries(command).filter(([key]) => key !== 'role'));
      // The compiler would not let it pass; a value from elsewhere could.
      const problems = shapeProblems(rest);
      expect(problems.join()).toContain('role');
    }
  });
});

describe('[#37] nobody harms himself, the bot, or whoever is not below him', () => {
  const acts = (name: string): string[] => [
    `!user deactivate ${name}`,
    `!user lock ${name}`,
    `!user unlock ${name}`,
    `!user admin ${name} off`,
    `!user password ${name}`,
    `!user rename ${name} X`,
    `!user reactivate ${name}`,
    `!user admin ${name} on`,
  ];
  const expectAll = async (person: Person, lines: readonly string[], code: string) => {
    lab.proxy.log.clear();
    const answers = await Promise.all(lines.map((line) => person.ask(room, line)));
    for (const [i, { body }] of answers.entries()) expect(body, lines[i] ?? '').toContain(code);
    expect(adminRequests()).toEqual([]);
  };

  test('the bot, by a short name and by its whole id', async () => {
    // What an account is called is read once, for whatever is done to it.
    const whole = acts(bot.userId).slice(0, 2);
    await expectAll(alice, [...acts(bot.name), ...whole], 'E_ACCOUNT_IS_BOT');
    const forced = await onTerminal('user', 'deactivate', bot.name, '--yes');
    expect(forced.text).toContain('E_ACCOUNT_IS_BOT');
  });

  test('oneself', async () => {
    await expectAll(alice, acts('alice'), 'E_ACCOUNT_IS_SELF');
  });

  test('somebody of the same or a higher role, and whose account is not made yet', async () => {
    await expectAll(alice, [...acts('absent'), '!user add absent'], 'E_ACCOUNT_PROTECTED_RANK');
    const possible = (name: string): string[] =>
      acts(name).filter((line) => !/deactivate|admin/.test(line));
    await expectAll(otto, [...possible('alice'), '!user add absent'], 'E_ACCOUNT_PROTECTED_RANK');
    expect((await alice.ask(room, '!user rename vera Vera')).outcome).toBe('ok');
    expect((await otto.ask(room, '!user rename vera Vera V.')).outcome).toBe('ok');
  });

  test('a server admin: not from the room; the way out that is shown is the one that works', async () => {
    await register(lab.synapse.baseUrl, { localpart: 'chief', admin: true });
    await expectAll(alice, acts('chief'), 'E_ACCOUNT_PROTECTED_ADMIN');
    const { body } = await alice.ask(room, '!user rename chief "$(touch hacked)"');
    // What root copies into a shell is text there.
    expect(body).toContain("sudo urtc user rename chief '$(touch hacked)'");
    const renamed = await onTerminal('user', 'rename', 'chief', '$(touch hacked)');
    expect(renamed.code).toBe(0);
    expect((await onTerminal('user', 'admin', 'chief', 'off')).code).toBe(0);
  });

  test('on the terminal the owner may act on an admin, but not take the last one away', async () => {
    const config = ['--config', bot.process.configFile];
    const lines = [
      ['rename', 'alice', 'Alice'],
      ['admin', 'server-admin', 'off'],
      ['deactivate', 'urtc-admin', '--yes'],
      ['lock', 'urtc-admin'],
      ['admin', 'urtc-admin', 'off'],
    ].map((args) => ['user', ...args, ...config]);
    const [renamed, taken, ...last] = await callMany(lines, lab.folder);
    expect([renamed?.code, taken?.code]).toEqual([0, 0]);
    expect(last).toHaveLength(3);
    for (const { stdout, stderr } of last)
      expect(stdout + stderr).toContain('E_ACCOUNT_LAST_ADMIN');
  });
});

describe('[#24] a display name is data wherever it is shown', () => {
  const names = [
    '<img src=x onerror=alert(1)>',
    '@room',
    'https://matrix.to/#/@alice:lab.test',
    '**bold** [a](http://b) `code`',
    '</code></pre><script>x</script>',
    'line\nbreak\u202eturned\u2066',
    '\u001b[31mred\u0007',
    '{{account}} $t(key)',
    '&lt;b&gt;',
  ];

  test('in lists, questions and answers of the room, and on the terminal', async () => {
    await Promise.all(
      names.map((displayName, i) =>
        register(lab.synapse.baseUrl, { localpart: `named${i}`, displayName }),
      ),
    );
    const answers = [
      await alice.ask(room, '!user list named'),
      ...(await Promise.all(names.map((_, i) => alice.ask(room, `!user show named${i}`)))),
      ...(await Promise.all(
        names.map((_, i) => alice.ask(room, `!user lock named${i} --dry-run`)),
      )),
    ];
    for (const { html, body, parts } of answers) {
      expect(html).not.toMatch(/<(?!\/?(p|b|i|code|pre|br|ul|li|h4)\b)/);
      expect(html).not.toMatch(/<[a-z0-9]+ /);
      expect(html + body).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066\u2067]/,
      );
      for (const { content } of parts) expect(content['m.mentions']).toEqual({});
      const bare = html.replace(/<code>.*?<\/code>/gs, '');
      expect(bare).not.toMatch(/@room|matrix\.to/);
    }
    const list = answers[0]?.body ?? '';
    for (const name of ['<img src=x onerror=alert(1)>', '{{account}} $t(key)', '&lt;b&gt;']) {
      expect(list).toContain(name);
    }
    for (const flags of [[], ['--json']]) {
      const { text, code } = await onTerminal('user', 'list', 'named', ...flags);
      expect(code).toBe(0);
      expect(text).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
      );
      expect(text).toContain('onerror');
    }
  });
});

test('[#14] the audit log of those who were let in says what they did', () => {
  const lines = auditOf(otto.userId);
  expect(lines.some(({ line, result }) => line === 'user lock somebody' && result === 'ok')).toBe(
    true,
  );
  expect(lines.some(({ result }) => result === 'E_ROLE_TOO_LOW')).toBe(true);
});
