import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { clusterDoings, type BreakableRelease } from '../../../lab/demo/cluster-doings.ts';
import { Doings, type KnownDoings } from '../../../lab/demo/doings.ts';
import type { House } from '../../../lab/demo/house.ts';
import type { LabEvent } from '../../../lab/event.ts';
import { LabError } from '../../../lab/failure.ts';
import { Timeline } from '../../../lab/timeline.ts';
import { event } from './room-events.ts';

/** A room in which nothing is said but what is put into it, and what the demo has printed. */
const desk = (known: KnownDoings) => {
  const timeline = new Timeline();
  const printed: string[] = [];
  const person = {
    mark: () => timeline.mark(),
    waitFor: (_room: string, test: (each: LabEvent) => boolean, options: object) =>
      timeline.waitFor(test, options),
  };
  const talk = { roomId: '!room:lab.test', person } as unknown as House;
  const doings = new Doings(known, talk, (line) => printed.push(line));
  return { doings, printed, timeline };
};

describe('words for the demo', () => {
  it('are named where one is unknown, or how to get some', async () => {
    const none = desk({});
    expect(await none.doings.run('/fire x')).toBe('failed');
    expect(none.printed[0]).toMatch(/no \/fire: .*--alerts or --full/);
    const usage = '/fire NAME';
    const done = { told: 'it fires', shows: null, withinMs: 0 };
    const some = desk({ '/fire': { usage, run: () => Promise.resolve(done) } });
    expect(await some.doings.run('/fier x')).toBe('failed');
    expect(some.printed[0]).toContain('/fire NAME');
    expect(await some.doings.run(' /fire  x ')).toBe('ok');
    expect(some.printed[1]).toBe('demo › it fires');
  });

  it('end well when the room shows it, and not when it never does', async () => {
    const shows = (each: LabEvent): boolean => each.content['body'] === 'seen';
    const done = { told: 'done', shows, withinMs: 50 };
    const { doings, timeline } = desk({
      '/do': { usage: '/do', run: () => Promise.resolve(done) },
      '/fail': { usage: '/fail', run: () => Promise.reject(new LabError('cause\nmore')) },
    });
    // What was there before does not count.
    timeline.add(event({ body: 'seen' }));
    expect(await doings.run('/do')).toBe('the room shows nothing of it within 0.05 s');
    const run = doings.run('/do');
    await nextTurn();
    timeline.add(event({ body: 'seen' }));
    expect(await run).toBe('ok');
    expect(await doings.run('/fail')).toBe('failed');
  });
});

it('are done one after the other, and do not wait for what the room shows of the one before', async () => {
  const log: string[] = [];
  const done = { told: 'done', shows: () => false, withinMs: 200 };
  const run = async ([name = '']: readonly string[]) => {
    log.push(`${name} begins`);
    await Promise.resolve();
    log.push(`${name} ends`);
    return Promise.resolve(name === 'b' ? { ...done, shows: null } : done);
  };
  const { doings } = desk({ '/do': { usage: '/do', run } });
  const first = doings.run('/do a');
  expect(await doings.run('/do b')).toBe('ok');
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(await first).toContain('shows nothing');
});

describe('breaking and healing', () => {
  const told = (body: string): LabEvent => event({ body, 'io.urtc.incident': 'i1' });

  const release = (log: string[]): BreakableRelease => ({
    ...{ release: 'ess', namespace: 'ess' },
    pods: {
      list: ({ name }: { name: string }) =>
        Promise.resolve(name === 'valkey' ? [{ metadata: { uid: '1' } }] : []),
      behave: ({ name }: { name: string }, how: string) => {
        log.push(`${name} ${how}`);
        return Promise.resolve();
      },
      remove: () => Promise.resolve(),
      until: () => Promise.resolve(),
    } as unknown as BreakableRelease['pods'],
  });

  it('take the names that commands take, and know what is broken', async () => {
    const log: string[] = [];
    const room: LabEvent[] = [];
    const known = clusterDoings(release(log), () => room);
    const run = (name: string, ...words: string[]) => known[name]?.run(words);
    await expect(run('/break')).rejects.toThrow('/break COMPONENT');
    await expect(run('/break', 'nothing')).rejects.toThrow('!status');
    await expect(run('/break', 'hookshot')).rejects.toThrow('!status');
    await expect(run('/break', 'cache', 'melt')).rejects.toThrow('crash-loop|not-ready');
    await expect(run('/break', 'cache', 'toString')).rejects.toThrow('crash-loop|not-ready');
    await expect(run('/heal', 'cache')).rejects.toThrow('was not broken');
    expect(log).toEqual([]);

    const broken = await run('/break', 'cache');
    expect(log).toEqual(['valkey crash-loop']);
    await expect(run('/break', 'redis')).rejects.toThrow('broken already');
    const trouble = told('❌ Redis/Valkey: ends as soon as it starts');
    const healed = told('✅ Healed: Redis/Valkey');
    expect([trouble, healed].map((each) => broken?.shows?.(each))).toEqual([true, false]);
    room.push(trouble);
    const mended = await run('/heal', 'cache');
    expect(log).toEqual(['valkey crash-loop', 'valkey healthy']);
    expect([trouble, healed].map((each) => mended?.shows?.(each))).toEqual([false, true]);
  });

  it('wait for no end of what was never told', async () => {
    const known = clusterDoings(release([]), () => []);
    await known['/break']?.run(['cache', 'not-ready']);
    const mended = await known['/heal']?.run(['cache']);
    expect([mended?.shows, mended?.told]).toEqual([null, expect.stringContaining('not told')]);
  });
});
