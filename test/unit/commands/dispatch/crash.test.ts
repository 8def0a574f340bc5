import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { anna, otto, World } from './world.ts';

class Died extends Error {}

interface Scenario {
  readonly line: string;
  readonly asks: boolean;
  readonly effects: readonly string[];
}

const scenarios: readonly Scenario[] = [
  { line: '!thing show x', asks: false, effects: ['x/show'] },
  { line: '!thing set x', asks: false, effects: ['x/set'] },
  { line: '!thing build x', asks: false, effects: ['x/dig', 'x/lay', 'x/roof'] },
  { line: '!thing drop x', asks: true, effects: ['x/drop'] },
  { line: '!thing raze x', asks: true, effects: ['x/burn', 'x/clear'] },
];

/** A process that dies at its nth commit or effect, before or after it. Returns whether it got that far. */
async function live(folder: string, scenario: Scenario, deathAt: number): Promise<string | null> {
  let points = 0;
  let died: string | null = null;
  const world = new World(folder, {
    point: (what) => {
      points += 1;
      if (points < deathAt && died === null) return;
      died ??= `${points} ${what}`;
      throw new Died(what);
    },
  });
  const dead = (): boolean => died !== null;
  const go = async (): Promise<void> => {
    const event = await world.says(anna, scenario.line);
    if (scenario.asks) {
      await world.eventually(() => (dead() || world.confirmations.open().length > 0 ? true : null));
      const code = world.confirmations.open()[0]?.code;
      if (code !== undefined) await world.says(anna, code);
    }
    await world.eventually(() =>
      dead() || world.answers().some((each) => each.to === event) ? true : null,
    );
  };
  await go().catch((error: unknown) => {
    if (!dead()) throw error;
  });
  await settled();
  world.close();
  return died;
}

describe('a process that dies between any two commits or effects [#5]', () => {
  it.each(scenarios)('loses nothing and repeats nothing: $line', async (scenario) => {
    let deaths = 0;
    for (let deathAt = 1; deathAt < 100; deathAt += 1) {
      const folder = tempFolder();
      const died = await live(folder, scenario, deathAt);
      if (died === null) break;
      deaths += 1;

      const world = new World(folder);
      world.dispatcher.recover();
      await world.redeliver();
      await world.idle();
      const open = world.confirmations.open()[0];
      if (open !== undefined) await world.says(anna, open.code);
      await world.eventually(() => (world.answers().length > 0 ? true : null));
      await world.idle();
      const { answers, effects } = { answers: world.answers(), effects: world.target.effects() };
      const reads = scenario.line.includes('show');
      expect([died, answers.map((each) => each.outcome)]).toEqual([died, ['ok']]);
      expect([died, reads ? [] : effects]).toEqual([died, reads ? [] : scenario.effects]);
      expect(world.ledger.pendingCount()).toBe(0);
      expect((await world.audit.verify([])).state).toBe('intact');
      world.close();
    }
    console.log(`${scenario.line}: died at ${deaths} points`);
    expect(deaths).toBeGreaterThanOrEqual(scenario.asks ? 8 : 2);
  });

  it('dies again while it recovers, and again', async () => {
    const scenario = scenarios[2];
    if (scenario === undefined) throw new Error('no scenario');
    const folder = tempFolder();
    await live(folder, scenario, 6);
    let lives = 0;
    for (; lives < 30; lives += 1) {
      let points = 0;
      const world = new World(folder, {
        point: () => {
          points += 1;
          // Two belong to the transaction in which a recovery forgets old jobs.
          if (points > 3) throw new Died();
        },
      });
      world.dispatcher.recover();
      await settled();
      const left = world.jobs.unfinished().length;
      world.close();
      if (left === 0) break;
    }
    expect(lives).toBeGreaterThan(2);
    const world = new World(folder);
    world.dispatcher.recover();
    await world.redeliver();
    await world.idle();
    expect(world.target.effects()).toEqual(scenario.effects);
    expect(world.answers()).toHaveLength(1);
  });
});

/** Brings a job to the middle of its step and lets the process die there. */
async function dieIn(line: string, effect: string, done: boolean): Promise<string> {
  const folder = tempFolder();
  const world = new World(folder, { limits: { inlineMs: 5 } });
  let reached = false;
  const hang = (at: string): Promise<void> => {
    if (at !== effect) return Promise.resolve();
    reached = true;
    return new Promise(() => undefined);
  };
  if (done) world.target.after = hang;
  else world.target.before = hang;
  await world.says(otto, line);
  await world.eventually(() => (reached ? true : null));
  world.close();
  return folder;
}

describe('a job that is taken up after a crash [#5]', () => {
  it('says that it is unknown where the target can not tell, and names the step', async () => {
    const world = new World(await dieIn('!thing murky x', 'x/murky', true));
    world.dispatcher.recover();
    await world.idle();
    const [answer] = world.answers();
    expect(answer?.outcome).toBe('unknown');
    expect(answer?.text).toContain('“murky”');
    expect(answer?.text).toContain('nobody saw it');
    expect(answer?.text).toContain('Done: first');
    expect(world.target.effects()).toEqual(['x/first', 'x/murky']);
  });

  it('waits for a target that is not up yet (fake clock)', async () => {
    const folder = await dieIn('!thing set x', 'x/set', true);
    const clock = new FakeClock();
    const world = new World(folder, { clock });
    world.target.silent = new AppError('E_ADMIN_API_UNREACHABLE', { url: 'u', reason: 'r' });
    world.dispatcher.recover();
    for (let second = 0; second < 60; second += 1) await clock.advance(1000);
    expect(world.jobs.unfinished()).toHaveLength(1);
    world.target.silent = null;
    for (let second = 0; second < 20; second += 1) await clock.advance(1000);
    expect(world.answers().map((each) => each.outcome)).toEqual(['ok']);
    expect(world.target.effects()).toEqual(['x/set']);
  });

  it('gives up on a target that stays silent, and says so (fake clock)', async () => {
    const folder = await dieIn('!thing set x', 'x/set', true);
    const clock = new FakeClock();
    const world = new World(folder, { clock });
    world.target.silent = new AppError('E_ADMIN_API_UNREACHABLE', { url: 'u', reason: 'r' });
    world.dispatcher.recover();
    for (let second = 0; second < 330; second += 1) await clock.advance(1000);
    expect(world.answers()[0]).toMatchObject({ outcome: 'unknown' });
    expect(world.answers()[0]?.text).toContain('does not answer');
    expect(world.target.effects()).toEqual(['x/set']);
  });

  it('[#12] does not go on for somebody who lost the right meanwhile', async () => {
    const world = new World(await dieIn('!thing build x', 'x/lay', true));
    world.roles.set(otto, 'viewer');
    world.dispatcher.recover();
    await world.idle();
    expect(world.answers()[0]).toMatchObject({ outcome: 'failed', codes: ['E_ROLE_TOO_LOW'] });
    expect(world.answers()[0]?.text).toContain('Done: dig, lay');
    expect(world.target.effects()).toEqual(['x/dig', 'x/lay']);
  });

  it('stays cancelled where that was asked before the crash', async () => {
    const folder = await dieIn('!thing build x', 'x/lay', true);
    const first = new World(folder);
    const [job] = first.jobs.unfinished();
    if (job === undefined) throw new Error('no job');
    first.database.transaction(() => first.jobs.requestCancel(job, otto, first.clock.now()));
    first.close();
    const world = new World(folder);
    world.dispatcher.recover();
    await world.idle();
    expect(world.answers()[0]).toMatchObject({ outcome: 'cancelled' });
    expect(world.answers()[0]?.text).toContain('Done: dig, lay');
    expect(world.target.effects()).toEqual(['x/dig', 'x/lay']);
  });

  it('knows that a step was never begun where it was stopped before it', async () => {
    const does = { armed: false, dead: false };
    const first = new World(tempFolder(), {
      limits: { inlineMs: 5 },
      point: (what) => {
        does.dead ||= does.armed && what === 'after commit';
        if (does.dead) throw new Died();
      },
    });
    let go = (): void => undefined;
    first.target.after = () => new Promise((resolve) => (go = resolve));
    await first.says(otto, '!thing murky x');
    await first.eventually(() => (first.target.has('x/first') ? true : null));
    const [job] = first.jobs.unfinished();
    if (job === undefined) throw new Error('no job');
    first.dispatcher.cancel(job.id, { kind: 'person', user: otto, rank: 'operator' });
    does.armed = true;
    go();
    await first.eventually(() => (does.dead ? true : null));
    await settled();
    first.close();

    const world = new World(first.folder);
    world.dispatcher.recover();
    await world.idle();
    expect(world.answers()[0]?.outcome).toBe('cancelled');
    expect(world.answers()[0]?.text).toContain('Not done: murky');
    expect(world.target.effects()).toEqual(['x/first']);
  });

  it('holds its resources before later jobs get them', async () => {
    const folder = await dieIn('!thing build x', 'x/dig', false);
    const world = new World(folder);
    world.dispatcher.recover();
    await world.says(anna, '!thing set x');
    await world.idle();
    expect(world.target.effects()).toEqual(['x/dig', 'x/lay', 'x/roof', 'x/set']);
  });

  it('is asked about again where it waited in line for long (fake clock)', async () => {
    const clock = new FakeClock();
    const first = new World(tempFolder(), { clock, limits: { inlineMs: 5 } });
    first.target.before = () => new Promise(() => undefined);
    for (const line of ['!thing set x', '!thing build x']) {
      const handled = first.says(otto, line);
      await settled();
      await clock.advance(5);
      await handled;
    }
    expect(first.jobs.unfinished().map((job) => job.state)).toEqual(['running', 'queued']);
    first.close();
    await clock.advance(3_600_000);
    const world = new World(first.folder, { clock });
    world.dispatcher.recover();
    await settled();
    expect(world.target.effects()).toEqual(['x/set']);
    const { code, job } = await world.question();
    expect(job.line).toBe('thing build x');
    await world.says(otto, code);
    await world.idle();
    expect(world.target.effects()).toEqual(['x/set', 'x/dig', 'x/lay', 'x/roof']);
  });

  it('ends as unknown where an update took its command away', async () => {
    const folder = await dieIn('!thing set x', 'x/set', true);
    const first = new World(folder);
    first.database.run(`UPDATE jobs SET command = 'thing gone'`);
    first.close();
    const world = new World(folder);
    world.dispatcher.recover();
    await world.idle();
    expect(world.answers()[0]?.outcome).toBe('unknown');
    expect(world.target.effects()).toEqual(['x/set']);
  });
});
