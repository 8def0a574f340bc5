import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { anna, otto, stranger, vera, World } from './world.ts';

describe('a command of the room', () => {
  it('is answered once, where it was asked', async () => {
    const world = new World(tempFolder());
    const event = await world.says(vera, '!thing show x');
    expect(world.answers()).toEqual([
      expect.objectContaining({ to: event, outcome: 'ok', text: 'here is x' }),
    ]);
    expect(world.ledger.pendingCount()).toBe(0);
    expect(world.decisions()).toEqual(['finished ok']);
  });

  it('costs one commit where a read answers at once, and one where it is refused', async () => {
    const world = new World(tempFolder());
    for (const line of ['!thing show x', '!thing', '!nonsense', '!thing set x']) {
      const before = world.commits;
      const answer = await world.ask(vera, line);
      expect([line, world.commits - before]).toEqual([line, 1]);
      expect(answer.outcome).not.toBe('unknown');
    }
  });

  it('costs two commits where it is a change of one step', async () => {
    const world = new World(tempFolder());
    const before = world.commits;
    await world.ask(otto, '!thing set x');
    expect(world.commits - before).toBe(2);
    expect(world.decisions()).toEqual(['allowed begun', 'finished ok']);
    expect(world.target.effects()).toEqual(['x/set']);
  });

  it('tells what is wrong with a line, and keeps nothing of it that could be a secret [#25]', async () => {
    const world = new World(tempFolder());
    const answer = await world.ask(anna, '!thing set x hunter2-hunter2');
    expect(answer).toMatchObject({ outcome: 'failed', codes: ['E_ARGUMENT_EXTRA'] });
    const unknown = await world.ask(anna, '!hunter2-hunter2');
    expect(unknown.codes).toEqual(['E_COMMAND_UNKNOWN']);
    expect(JSON.stringify(world.audit.list({ limit: 10 }))).not.toContain('hunter2');
    expect(JSON.stringify(world.jobs.list({ includeFinished: true, limit: 10 }))).not.toContain(
      'hunter2',
    );
    expect(world.decisions()).toEqual(['refused E_ARGUMENT_EXTRA', 'refused E_COMMAND_UNKNOWN']);
  });

  it('[#12] is refused to a rank that is too low, also when the rank is lost while it waits', async () => {
    const world = new World(tempFolder());
    expect((await world.ask(vera, '!thing set x')).codes).toEqual(['E_ROLE_TOO_LOW']);
    expect(world.decisions()).toEqual(['refused E_ROLE_TOO_LOW']);

    let release = (): void => undefined;
    world.target.before = () => new Promise((resolve) => (release = resolve));
    const first = await world.says(anna, '!thing set x');
    const second = await world.says(otto, '!thing set x');
    world.roles.set(otto, 'viewer');
    release();
    expect((await world.answerTo(first)).outcome).toBe('ok');
    expect((await world.answerTo(second)).codes).toEqual(['E_ROLE_TOO_LOW']);
    expect(world.target.effects()).toEqual(['x/set']);
  });

  it('[#14] of somebody who is not on the list gets no echo and one audit line', async () => {
    const world = new World(tempFolder());
    await world.says(stranger, '!thing set x');
    await world.says(stranger, 'K7QD');
    expect(world.answers()).toEqual([]);
    expect(world.jobs.list({ includeFinished: true, limit: 9 })).toEqual([]);
    expect(world.ledger.pendingCount()).toBe(0);
    expect(world.audit.list({ limit: 9 })).toMatchObject([
      { actor: stranger, decision: 'refused', result: 'E_NOT_ALLOWED' },
    ]);
  });

  it('[#29] that fails by a fault of ours answers with an error id, and the process lives', async () => {
    const world = new World(tempFolder());
    for (const line of ['!thing broken', '!thing set y']) {
      world.target.before = () => Promise.reject(new RangeError('a fault of ours'));
      const answer = await world.ask(anna, line);
      expect(answer).toMatchObject({ outcome: 'failed', codes: ['E_INTERNAL'] });
      const id = /error (e[a-z0-9]+)/.exec(answer.text)?.[1];
      expect(id).toBeDefined();
    }
    world.target.before = () => Promise.resolve();
    expect((await world.ask(anna, '!thing show x')).outcome).toBe('ok');
  });

  it('answers with an error id where its report can not be written down', async () => {
    const world = new World(tempFolder());
    world.room.fault = new TypeError('a renderer fails');
    const answer = await world.ask(anna, '!thing show x');
    expect(answer).toMatchObject({ outcome: 'ok', codes: ['E_INTERNAL'] });
  });

  it('with --dry-run shows the plan and changes nothing', async () => {
    const world = new World(tempFolder());
    const answer = await world.ask(anna, '!thing drop x --dry-run');
    expect(answer.text).toContain('drop x of size 1');
    expect(answer.outcome).toBe('ok');
    expect(world.target.effects()).toEqual([]);
    expect(world.decisions()).toEqual(['finished dry-run']);
  });

  it('with --dry-run does not plan where planning would wait for others', async () => {
    const world = new World(tempFolder());
    world.target.planning = () => Promise.reject(new Error('planned'));
    const answer = await world.ask(anna, '!thing await x --dry-run');
    expect(answer.text).toContain('would wait for x');
    expect(answer.outcome).toBe('ok');
    expect(world.decisions()).toEqual(['finished dry-run']);
    expect((await world.ask(anna, '!thing await x')).outcome).toBe('failed');
  });

  it('that a step refuses says what was done before', async () => {
    const world = new World(tempFolder());
    const answer = await world.ask(anna, '!thing refused x');
    expect(answer).toMatchObject({ outcome: 'failed', codes: ['E_USER_EXISTS'] });
    expect(answer.text).toContain('Done: first');
    expect(answer.text).toContain('Not done: refused');
  });

  it.each([
    ['was done after all', true, 'ok', []],
    ['was not done', false, 'failed', ['E_ADMIN_API_UNREACHABLE']],
  ])('whose answer was lost asks the target: it %s', async (_name, done, outcome, codes) => {
    const world = new World(tempFolder());
    const lost = (): Promise<void> =>
      Promise.reject(new AppError('E_ADMIN_API_UNREACHABLE', { url: 'u', reason: 'r' }));
    if (done) world.target.after = lost;
    else world.target.before = lost;
    expect(await world.ask(anna, '!thing set x')).toMatchObject({ outcome, codes });
    expect(world.target.effects()).toEqual(done ? ['x/set'] : []);
  });

  it('whose answer was lost and whose target is silent ends as unknown', async () => {
    const world = new World(tempFolder());
    const down = new AppError('E_ADMIN_API_UNREACHABLE', { url: 'u', reason: 'r' });
    world.target.after = () => Promise.reject(down);
    world.target.silent = down;
    const answer = await world.ask(anna, '!thing set x');
    expect(answer.outcome).toBe('unknown');
    expect(answer.text).toContain('“set it”');
    expect(answer.text).toContain('does not answer');
  });
});

describe('without an audit log or without space [#40]', () => {
  it('changes are refused and reads still answer', async () => {
    const world = new World(tempFolder());
    world.breakAudit();
    expect(await world.ask(anna, '!thing set x')).toMatchObject({
      outcome: 'refused',
      codes: ['E_AUDIT_UNWRITABLE'],
    });
    expect((await world.ask(vera, '!thing show x')).outcome).toBe('ok');
    expect(world.target.effects()).toEqual([]);
    expect(world.audit.list({ limit: 9 })).toEqual([]);
  });

  it('a question that was asked before is refused as well', async () => {
    const world = new World(tempFolder());
    const event = await world.says(anna, '!thing drop x');
    const { code } = await world.question();
    world.breakAudit();
    await world.says(anna, code);
    expect((await world.answerTo(event)).codes).toEqual(['E_AUDIT_UNWRITABLE']);
    expect(world.target.effects()).toEqual([]);
  });

  it('a full disk refuses changes before they begin', async () => {
    const world = new World(tempFolder());
    world.full = () => {
      throw new AppError('E_STORE_FULL');
    };
    expect((await world.ask(anna, '!thing set x')).codes).toEqual(['E_STORE_FULL']);
    expect((await world.ask(anna, '!thing set x --dry-run')).outcome).toBe('ok');
    expect((await world.ask(vera, '!thing show x')).outcome).toBe('ok');
    expect(world.target.effects()).toEqual([]);
  });
});
