import { describe, expect, it } from 'vitest';
import { BadSenders } from '../../../../src/bot/alerts/bad-senders.ts';
import { openIntake, token } from './intake-fixture.ts';
import { posted } from './payloads.ts';

const wrong: readonly (readonly [string, number, Record<string, string>])[] = [
  ['no bearer', 401, { authorization: '' }],
  ['basic in its place', 401, { authorization: `Basic ${btoa(`x:${token}`)}` }],
  ['a wrong bearer', 403, { authorization: 'Bearer wrong-secret-of-somebody' }],
  ['the beginning of the right one', 403, { authorization: `Bearer ${token.slice(0, -1)}` }],
  ['the right one and more', 403, { authorization: `Bearer ${token}x` }],
];

describe('[#12] [#23] who may post', () => {
  it.each(wrong)('%s: %i, the body unread', async (_what, status, headers) => {
    const { post, taken } = openIntake();
    expect(await post('x'.repeat(6 * 1024 * 1024), headers)).toBe(status);
    expect(taken).toEqual([]);
  });

  it('a token in the address counts for nothing', async () => {
    const { send } = openIntake();
    const url = `/alerts/alertmanager?token=${token}`;
    expect(await send(posted(), { url, headers: { authorization: '' } })).toBe(401);
  });

  it('no secret is logged, right or wrong', async () => {
    const { send, lines } = openIntake();
    for (const [, , headers] of wrong) await send(posted(), { headers });
    const url = `/alerts/alertmanager?token=${token}`;
    await send(posted(), { url, headers: { authorization: '' } });
    await send(`{"token":"${token}"`);
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${token.slice(0, -2)}|wrong-secret`));
  });

  it('a hundred bad tries, all begun at the same moment: 401 or 403, most without a word; each post of a good sender at the same address is taken meanwhile', async () => {
    const { server, taken, counts, lines } = openIntake();
    const address = await server.listen({ host: '127.0.0.1', port: 0 });
    const post = async (authorization: string) => {
      const began = performance.now();
      const answer = await fetch(`${address}/alerts/alertmanager`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(posted()),
      });
      const text = await answer.text();
      return { status: answer.status, text, ms: performance.now() - began };
    };
    const good = () => post(`Bearer ${token}`);
    await good();
    const began = performance.now();
    const bad = Promise.all(
      Array.from({ length: 100 }, (_, nth) => post(nth % 2 === 0 ? 'Bearer no' : '')),
    );
    let areOver = false;
    const end = bad.finally(() => (areOver = true));
    const beside: Awaited<ReturnType<typeof post>>[] = [];
    const isOver = (): boolean => areOver;
    do beside.push(await good());
    while (!isOver());
    const refused = await end;
    const seconds = (performance.now() - began) / 1000;
    const worst = (all: typeof refused) => Math.max(...all.map(({ ms }) => ms));
    const median = (all: typeof refused) =>
      all.map(({ ms }) => ms).sort((a, b) => a - b)[all.length >> 1];
    process.stdout.write(
      `${Math.round(100 / seconds)} bad tries/s: a good post took ${worst(beside).toFixed()} ms at most\n`,
    );
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([401, 403]));
    expect(new Set(beside.map(({ status }) => status))).toEqual(new Set([200]));
    expect(worst(beside)).toBeLessThan(10_000);
    expect(taken).toHaveLength(1 + beside.length);
    expect(counts.refused).toBe(100);
    expect(counts.limited).toBeGreaterThan(60);
    expect(refused.filter(({ text }) => text === '')).toHaveLength(counts.limited);
    expect(lines).toHaveLength(1);
    // Each by itself, without the crowd.
    const alone: typeof refused = [];
    for (let nth = 0; nth < 10; nth += 1) alone.push(await post('Bearer no'));
    expect(median(alone)).toBeLessThan(1000);
  });
});

describe('[#12] bad tries (fake clock)', () => {
  it('of one address are heard twenty times at once and then once a second; others are not counted with it', () => {
    let now = 0;
    const senders = new BadSenders({ monotonic: () => now });
    const heard = (address: string, tries: number): number =>
      Array.from({ length: tries }, () => senders.note(address)).filter(Boolean).length;
    expect(heard('a', 100)).toBe(20);
    expect(heard('b', 1)).toBe(1);
    now += 3000;
    expect(heard('a', 100)).toBe(3);
    now += 3_600_000;
    expect(heard('a', 100)).toBe(20);
    // No more are remembered than a thousand, the longest silent one is forgotten.
    for (let nth = 0; nth < 1000; nth += 1) senders.note(`x${nth}`);
    expect(heard('a', 100)).toBe(20);
    expect(heard('x999', 100)).toBe(19);
  });
});
