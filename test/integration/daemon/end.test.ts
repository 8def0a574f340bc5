import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import { logout, register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';

let lab: Lab;
let room: string;
beforeAll(async () => {
  lab = await startLab({ name: 'daemon-end' });
  const bot = await lab.startBot();
  room = await lab.enterAdminRoom();
  await bot.term();
});
afterAll(() => lab.stop());

const making = { method: 'PUT', path: /\/_synapse\/admin\/v2\/users\// };

/** Sends a command whose work takes as long as the fault says, and waits until it has begun. */
async function begin(line: string, fault: { action: 'delay'; ms: number } | { action: 'hang' }) {
  const alice = lab.person('alice');
  const rule = lab.proxy.add({ match: making, fault, times: 1 });
  const since = alice.mark(room);
  const command = await alice.send(room, line);
  await until('the work has begun', () => (rule.hits > 0 ? true : undefined), {
    timeoutMs: 60_000,
  });
  return { command, since, answer: () => alice.answerTo(room, command, { since }) };
}

const finals = (command: string) =>
  lab
    .person('alice')
    .timeline(room)
    .events.filter((event) => {
      const text = JSON.stringify(event.content);
      return text.includes(command) && text.includes('"io.urtc.final":true');
    });

describe('SIGTERM', () => {
  it('[#36] lets a step that runs end, sends the answer and exits with 0 within the grace time', async () => {
    const bot = await lab.startBot();
    await lab.person('alice').ask(room, '!user add lena');
    const { command, answer } = await begin('!user lock lena', { action: 'delay', ms: 3000 });
    const started = performance.now();
    expect(await bot.term()).toEqual({ code: 0, signal: null });
    // Far less than the grace time would be for ever.
    expect(performance.now() - started).toBeLessThan(60_000);
    expect((await answer()).outcome).toBe('ok');
    expect(finals(command)).toHaveLength(1);
  });

  it('[#36] leaves a job that does not end to the next start, which settles it once', async () => {
    const bot = await lab.startBot();
    const { command, answer } = await begin('!user add stuck', { action: 'hang' });
    const started = performance.now();
    expect(await bot.term()).toEqual({ code: 0, signal: null });
    // The grace time is 18 s; the rest is what a busy machine takes for an end.
    expect(performance.now() - started).toBeLessThan(60_000);
    lab.proxy.cut();
    const next = await lab.startBot();
    expect((await answer()).outcome).toBe('ok');
    expect(finals(command)).toHaveLength(1);
    await next.term();
  });

  it('[#36] takes nothing new: what comes later is done by the next start', async () => {
    const bot = await lab.startBot();
    await bot.term();
    const alice = lab.person('alice');
    const since = alice.mark(room);
    const command = await alice.send(room, '!version');
    const next = await lab.startBot();
    expect((await alice.answerTo(room, command, { since })).outcome).toBe('ok');
    await next.term();
  });

  it('given again while it ends changes nothing', async () => {
    const bot = await lab.startBot();
    await begin('!user add twice', { action: 'delay', ms: 1500 });
    bot.signal('SIGTERM');
    bot.signal('SIGINT');
    expect(await bot.term()).toEqual({ code: 0, signal: null });
  });
});

describe('a token that is revoked while the bot runs', () => {
  it('[#27] ends it with its own exit code, and no refused request is tried again', async () => {
    const session = await register(lab.synapse.baseUrl, { localpart: 'revoked' });
    const bot = await lab.startBot({ name: 'revoked', account: session });
    await logout(lab.synapse.baseUrl, session.accessToken);
    lab.proxy.cut();
    expect(await bot.exited).toEqual({ code: 79, signal: null });
    expect(bot.output()).toContain('E_TOKEN_REVOKED');
    const refused = lab.proxy.log
      .all()
      .filter((each) => each.token === session.accessToken && each.status === 401);
    // Two different ones may have been under way at the same moment.
    const tried = refused.map((each) => `${each.method} ${each.path}`);
    expect(tried.length).toBeGreaterThan(0);
    expect(new Set(tried).size).toBe(tried.length);
  });
});

describe('a home server that stops answering', () => {
  it('[#26] makes the bot not ready, and ready again without a restart', async () => {
    const bot = await lab.startBot();
    const sync = lab.proxy.add({ match: { path: /\/sync$/ }, fault: { action: 'hang' } });
    lab.proxy.cut();
    const metric = async () => /^urtc_ready (\d)/m.exec(await bot.page('/metrics'))?.[1];
    expect(await metric()).toBe('1');
    await until(
      'not ready',
      async () => ((await bot.status('/readyz')) === 503 ? true : undefined),
      {
        timeoutMs: 90_000,
        everyMs: 500,
      },
    );
    expect(await metric()).toBe('0');
    expect(await bot.status('/livez')).toBe(200);
    sync.remove();
    lab.proxy.cut();
    await bot.ready();
    expect(await metric()).toBe('1');
    expect((await lab.person('alice').ask(room, '!version')).outcome).toBe('ok');
    await bot.term();
  }, 150_000);
});
