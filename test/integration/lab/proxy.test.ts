import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bodyOf } from '../../lab/event.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { messageContent } from '../../lab/message.ts';
import { Person } from '../../lab/person.ts';
import { login } from '../../lab/synapse/accounts.ts';

let lab: Lab;
/** Alice talks through the proxy, bob to the home server itself. */
let alice: Person;
let bob: Person;
let roomId: string;
beforeAll(async () => {
  lab = await startLab({ name: 'proxy', encrypted: false, people: ['bob'] });
  bob = lab.person('bob');
  alice = await lab.newPerson('alice', lab.proxy.baseUrl);
  roomId = await lab.room('talk', [bob, alice]);
});
afterEach(() => {
  lab.proxy.clear();
  lab.proxy.cut();
});
afterAll(() => lab.stop());

const sends = { method: 'PUT', path: /\/send\/m\.room\.message\// };

describe('the fault proxy before a home server', () => {
  it('lets two people talk, and notes what they do', async () => {
    const question = await alice.send(roomId, 'hello bob');
    await bob.sees(roomId, question);
    const answer = await bob.send(roomId, 'hello alice', { reply: question });
    expect(bodyOf(await alice.sees(roomId, answer))).toBe('hello alice');
    const record = lab.proxy.log.all(sends).at(-1);
    expect(record?.status).toBe(200);
    expect(record?.body).toContain('hello bob');
    expect(record?.token).toBe(alice.account.accessToken);
  });

  it('drops a response after the event was stored: the same transaction again is one event', async () => {
    const content = messageContent('only once');
    const rule = lab.proxy.add({ match: sends, fault: { action: 'dropResponse' }, times: 1 });
    // The person's own client sends it again with the same transaction id.
    const id = await alice.putEvent(roomId, 'm.room.message', content, randomUUID());
    expect(rule.hits).toBe(1);
    await bob.sees(roomId, id);
    const all = await bob.messages(roomId);
    expect(all.filter((event) => bodyOf(event) === 'only once')).toHaveLength(1);
  });

  it('drops a request before the event was stored', async () => {
    lab.proxy.add({ match: sends, fault: { action: 'dropRequest' }, times: 2 });
    const before = lab.proxy.log.count(sends);
    const id = await alice.send(roomId, 'third time lucky');
    expect(lab.proxy.log.count(sends) - before).toBe(3);
    await bob.sees(roomId, id);
  });

  it('answers 429 by itself', async () => {
    const body = { errcode: 'M_LIMIT_EXCEEDED', error: 'slow down', retry_after_ms: 100 };
    lab.proxy.add({ match: sends, fault: { action: 'status', status: 429, body }, times: 1 });
    await expect(alice.send(roomId, 'too much')).rejects.toMatchObject({
      status: 429,
      errcode: 'M_LIMIT_EXCEEDED',
    });
  });

  it.each(['same', 'next'] as const)('delivers events twice (%s sync)', async (where) => {
    let seen = 0;
    const text = `double ${where}`;
    // A device of its own: the proxy remembers per token what to deliver again.
    const { baseUrl } = lab.proxy;
    const device = new Person(baseUrl, await login(baseUrl, 'alice', alice.account.password));
    lab.proxy.add({ fault: { action: 'duplicateEvents', where } });
    const stop = await watchRaw(device, (events) => {
      seen += events.filter((event) => event.includes(text)).length;
    });
    await bob.send(roomId, text);
    await expect.poll(() => seen, { timeout: 60_000 }).toBe(2);
    await stop();
  });

  it('lets a sync token go backwards once', async () => {
    await alice.sees(roomId, await bob.send(roomId, 'one'));
    await alice.sees(roomId, await bob.send(roomId, 'two'));
    const rule = lab.proxy.add({ fault: { action: 'rewindSync', by: 2 }, times: 1 });
    lab.proxy.cut();
    await lab.proxy.log.waitFor((record) => record.fault === 'rewindSync');
    expect(rule.hits).toBe(1);
    await alice.sees(roomId, await bob.send(roomId, 'three'));
  });

  it('is as good as gone while it blocks, and what was missed comes afterwards', async () => {
    lab.proxy.block();
    const id = await bob.send(roomId, 'are you there?');
    await bob.sees(roomId, id);
    expect(alice.timeline(roomId).has(id)).toBe(false);
    await expect(alice.send(roomId, 'no')).rejects.toThrow(TypeError);
    lab.proxy.unblock();
    await alice.sees(roomId, id);
  });

  it('breaks the connection while the home server is down, and serves again after its restart', async () => {
    await lab.synapse.kill();
    await expect(alice.send(roomId, 'nobody there')).rejects.toThrow(TypeError);
    await lab.synapse.start();
    await bob.sees(roomId, await alice.send(roomId, 'there again'));
  });
});

const rawSync = z.object({
  next_batch: z.string(),
  rooms: z
    .object({
      join: z
        .record(
          z.string(),
          z.object({ timeline: z.object({ events: z.array(z.unknown()) }).optional() }),
        )
        .optional(),
    })
    .optional(),
});

/** A sync of its own, whose raw timeline events are counted as they come. */
const watchRaw = async (
  person: Person,
  see: (events: string[]) => void,
): Promise<() => Promise<void>> => {
  const over = new AbortController();
  const first = await person.request({ path: '/_matrix/client/v3/sync?timeout=0' });
  const loop = async (): Promise<void> => {
    let since = rawSync.parse(first).next_batch;
    while (!over.signal.aborted) {
      const query = new URLSearchParams({ since, timeout: '30000' });
      const path = `/_matrix/client/v3/sync?${query.toString()}`;
      const { next_batch, rooms } = rawSync.parse(
        await person.request({ path, signal: over.signal }),
      );
      see((rooms?.join?.[roomId]?.timeline?.events ?? []).map((event) => JSON.stringify(event)));
      since = next_batch;
    }
  };
  const running = loop().catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  return async () => {
    over.abort();
    await running;
  };
};
