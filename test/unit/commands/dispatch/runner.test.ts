import { describe, expect, it } from 'vitest';
import { parseJobId, type JobId } from '../../../../src/core/ids.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { anna, local, otto, vera, World, type WorldOptions } from './world.ts';

/** A world whose target holds each effect until it is let go. */
function gated(options: WorldOptions = {}) {
  const world = new World(tempFolder(), options);
  const waiting = new Map<string, () => void>();
  let most = 0;
  world.target.before = (effect, signal) =>
    new Promise((resolve, reject) => {
      waiting.set(effect, resolve);
      most = Math.max(most, waiting.size);
      signal.addEventListener('abort', () => {
        waiting.delete(effect);
        reject(new Error('aborted'));
      });
    });
  const reached = (effect: string) => world.eventually(() => (waiting.has(effect) ? true : null));
  const letGo = (effect: string): void => {
    waiting.get(effect)?.();
    waiting.delete(effect);
  };
  const idOf = (line: string): JobId => {
    const found = world.jobs.unfinished().find((job) => job.line === line);
    return found?.id ?? parseJobId('jnone');
  };
  return { world, waiting, reached, letGo, idOf, most: () => most };
}

describe('jobs [#35]', () => {
  it('that share a resource run in the order in which they came; others do not wait', async () => {
    const { world, waiting, reached, letGo } = gated({ limits: { inlineMs: 5 } });
    const first = await world.says(anna, '!thing set x');
    await reached('x/set');
    const second = await world.says(otto, '!thing build x');
    const other = await world.says(otto, '!thing set y');
    await reached('y/set');
    expect([...waiting.keys()]).toEqual(['x/set', 'y/set']);
    letGo('y/set');
    expect((await world.answerTo(other)).outcome).toBe('ok');
    world.target.before = () => Promise.resolve();
    letGo('x/set');
    await world.answerTo(first);
    await world.answerTo(second);
    expect(world.target.effects()).toEqual(['y/set', 'x/set', 'x/dig', 'x/lay', 'x/roof']);
  });

  it('run eight at a time, and reads answer meanwhile', async () => {
    const { world, waiting, letGo, most } = gated({ limits: { inlineMs: 5 } });
    const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
    for (const name of names) await world.says(otto, `!thing set ${name}`);
    await world.eventually(() => (waiting.size === 8 ? true : null));
    expect((await world.ask(vera, '!jobs')).text.split('\n').slice(0, -1)).toHaveLength(12);
    expect(world.ledger.pendingCount()).toBe(0);
    for (const name of names) {
      await world.eventually(() => (waiting.has(`${name}/set`) ? true : null));
      letGo(`${name}/set`);
    }
    await world.idle();
    expect(most()).toBe(8);
    expect([...world.target.effects()].sort()).toEqual(names.map((name) => `${name}/set`).sort());
  });

  it('that wait are cancelled without a trace, also while eight others run', async () => {
    const { world, reached, letGo, idOf } = gated({ limits: { inlineMs: 5, changes: 1 } });
    await world.says(otto, '!thing set x');
    await reached('x/set');
    const waits = await world.says(otto, '!thing set y');
    const cancelling = await world.ask(otto, `!cancel ${idOf('thing set y')}`);
    expect(cancelling.outcome).toBe('ok');
    const answer = await world.answerTo(waits);
    expect(answer.outcome).toBe('cancelled');
    expect(answer.text).toContain('nothing was done');
    letGo('x/set');
    await world.idle();
    expect(world.target.effects()).toEqual(['x/set']);
  });

  it('that run are stopped in their step, and say what was done by then', async () => {
    const { world, reached, letGo, idOf } = gated({ limits: { inlineMs: 5 } });
    const event = await world.says(otto, '!thing build x');
    await reached('x/dig');
    letGo('x/dig');
    await reached('x/lay');
    await world.says(otto, `!cancel ${idOf('thing build x')}`);
    const answer = await world.answerTo(event);
    expect(answer.outcome).toBe('cancelled');
    expect(answer.text).toContain('Done: dig');
    expect(answer.text).toContain('Not done: lay, roof');
    expect(world.target.effects()).toEqual(['x/dig']);
    expect(world.decisions()).toContain('cancelled cancelled');
  });

  it('whose last step was done all the same are done, not cancelled', async () => {
    const { world, reached, letGo, idOf } = gated({ limits: { inlineMs: 5 } });
    let finish = (): void => undefined;
    world.target.after = () => new Promise((resolve) => (finish = resolve));
    const event = await world.says(otto, '!thing set x');
    await reached('x/set');
    letGo('x/set');
    await world.eventually(() => (world.target.has('x/set') ? true : null));
    await world.says(otto, `!cancel ${idOf('thing set x')}`);
    finish();
    expect((await world.answerTo(event)).outcome).toBe('ok');
  });

  it('are cancelled by those who may: oneself, a higher role, admins', async () => {
    const { world, reached, letGo, idOf } = gated({ limits: { inlineMs: 5 } });
    world.roles.set(vera, 'operator');
    await world.says(otto, '!thing set x');
    await reached('x/set');
    const job = idOf('thing set x');
    expect((await world.ask(vera, `!cancel ${job}`)).codes).toEqual(['E_JOB_NOT_YOURS']);
    expect((await world.ask(otto, '!cancel jnone')).codes).toEqual(['E_JOB_UNKNOWN']);
    expect((await world.ask(anna, `!cancel ${job}`)).outcome).toBe('ok');
    await world.idle();
    expect((await world.ask(otto, `!cancel ${job}`)).codes).toEqual(['E_JOB_NOT_CANCELLABLE']);
    letGo('x/set');
    expect(world.target.effects()).toEqual([]);
  });

  it('[#12] ask the guards with the rank of the moment in which they run', async () => {
    const ranks: string[] = [];
    const { world, reached, letGo } = gated({
      limits: { inlineMs: 5 },
      permissions: {
        authorise: () => undefined,
        guard: (_invocation, actor) => Promise.resolve(void ranks.push(actor.rank)),
      },
    });
    await world.says(anna, '!thing set x');
    await reached('x/set');
    const waits = await world.says(anna, '!thing build x');
    world.roles.set(anna, 'operator');
    world.target.before = () => Promise.resolve();
    letGo('x/set');
    await world.answerTo(waits);
    expect(ranks).toEqual(['admin', 'operator']);
  });

  it('that take too long are stopped, and the target is asked (fake clock)', async () => {
    const clock = new FakeClock();
    const { world } = gated({ clock, limits: { inlineMs: 5 } });
    const handled = world.says(otto, '!thing set x');
    await settled();
    await clock.advance(5);
    const event = await handled;
    await clock.advance(5000);
    const answer = await world.answerTo(event);
    expect(answer).toMatchObject({ outcome: 'failed', codes: ['E_JOB_TIMEOUT'] });
    expect(answer.text).toContain('“set it”');
    expect(world.target.effects()).toEqual([]);
  });

  it('that do not stop when they are told to end as unknown (fake clock)', async () => {
    const clock = new FakeClock();
    const world = new World(tempFolder(), { clock });
    world.target.before = () => new Promise(() => undefined);
    const handled = world.says(otto, '!thing set x');
    await settled();
    await clock.advance(200);
    const event = await handled;
    await clock.advance(5000);
    await clock.advance(200);
    expect((await world.answerTo(event)).outcome).toBe('unknown');
  });

  it('say once that they work on it, after 500 ms, and only then (fake clock)', async () => {
    const clock = new FakeClock();
    const { world, letGo } = gated({ clock, limits: { inlineMs: 5 } });
    const handled = world.says(otto, '!thing build x');
    await settled();
    await clock.advance(5);
    const event = await handled;
    await clock.advance(494);
    expect(world.room.working_).toEqual([]);
    await clock.advance(1);
    expect(world.room.working_).toEqual([world.jobs.unfinished()[0]?.id]);
    for (const step of ['dig', 'lay', 'roof']) {
      await clock.advance(1000);
      letGo(`x/${step}`);
      await settled();
    }
    await world.answerTo(event);
    expect(world.room.working_).toHaveLength(1);
    expect(world.room.progress_).toEqual(['dig (1 of 3)', 'lay (2 of 3)', 'roof (3 of 3)']);
    world.target.before = () => Promise.resolve();
    await world.ask(vera, '!thing show x');
    await clock.advance(1000);
    expect(world.room.working_).toHaveLength(1);
  });

  it('say it once also where a slow plan led to a question and slow steps follow (fake clock)', async () => {
    const clock = new FakeClock();
    const world = new World(tempFolder(), { clock, limits: { inlineMs: 5 } });
    let go = (): void => undefined;
    const slow = (): Promise<void> => new Promise((resolve) => (go = resolve));
    world.target.planning = slow;
    const handled = world.says(anna, '!thing drop x');
    await settled();
    await clock.advance(5);
    const event = await handled;
    await clock.advance(600);
    expect(world.room.working_).toHaveLength(1);
    go();
    await settled();
    const { code } = await world.question();
    world.target.planning = () => Promise.resolve();
    world.target.before = slow;
    await world.says(anna, code);
    await settled();
    await clock.advance(600);
    go();
    expect((await world.answerTo(event)).outcome).toBe('ok');
    expect(world.room.working_).toHaveLength(1);
  });

  it('do not say that they work while they wait for a person (fake clock)', async () => {
    const clock = new FakeClock();
    const world = new World(tempFolder(), { clock });
    await world.says(anna, '!thing drop x');
    await clock.advance(10_000);
    expect(world.room.working_).toEqual([]);
  });

  it('are in the store before the next input is taken, however slow they are', async () => {
    const { world, reached } = gated({ limits: { inlineMs: 5 } });
    const event = await world.says(vera, '!thing show x');
    expect(world.ledger.pendingCount()).toBe(0);
    expect(world.jobs.unfinished()).toMatchObject([
      { state: 'running', origin: { event }, command: 'thing show' },
    ]);
    await reached('x/show');
  });
});

describe('the end of the process [#36]', () => {
  it('lets running steps end, begins no other, and takes nothing in', async () => {
    const { world, reached, letGo } = gated({ limits: { inlineMs: 5 } });
    await world.says(otto, '!thing build x');
    await reached('x/dig');
    await world.says(otto, '!thing set x');
    const drained = world.dispatcher.drain(5000);
    await expect(world.says(otto, '!thing set z')).rejects.toThrow('E_SHUTTING_DOWN');
    letGo('x/dig');
    await drained;
    expect(world.target.effects()).toEqual(['x/dig']);
    expect(world.answers()).toEqual([]);
    world.close();

    const next = new World(world.folder);
    next.dispatcher.recover();
    await next.redeliver();
    await next.idle();
    const effects = next.target.effects();
    expect(effects.filter((each) => each !== 'z/set')).toEqual([
      'x/dig',
      'x/lay',
      'x/roof',
      'x/set',
    ]);
    expect(effects).toHaveLength(5);
    expect(next.answers().map((each) => each.outcome)).toEqual(['ok', 'ok', 'ok']);
  });

  it('stops steps that are not done by then; the next start settles them', async () => {
    for (const ignores of [false, true]) {
      const { world, reached } = gated({ limits: { inlineMs: 5, patienceMs: 20 } });
      if (ignores) world.target.before = () => new Promise(() => undefined);
      await world.says(otto, '!thing build x');
      if (!ignores) await reached('x/dig');
      await world.dispatcher.drain(10);
      expect(world.jobs.unfinished()).toMatchObject([{ state: 'running', step: 'dig' }]);
      world.close();
      const next = new World(world.folder);
      next.dispatcher.recover();
      await next.idle();
      expect(next.target.effects()).toEqual(['x/dig', 'x/lay', 'x/roof']);
    }
  });

  it('tells the terminal that its job goes on at the next start', async () => {
    const { world, reached } = gated({ limits: { inlineMs: 5, patienceMs: 20 } });
    const surface = {
      working: () => undefined,
      progress: () => undefined,
      tell: () => undefined,
      prompt: () => null,
      finish: () => undefined,
    };
    const running = world.dispatcher.submit({
      words: ['thing', 'set', 'x'],
      actor: local('owner'),
      language: 'en',
      yes: false,
      interactive: false,
      surface,
    });
    await reached('x/set');
    const failed = expect(running).rejects.toThrow('E_SHUTTING_DOWN');
    await world.dispatcher.drain(10);
    await failed;
  });
});
