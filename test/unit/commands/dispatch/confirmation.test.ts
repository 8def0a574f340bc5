import { describe, expect, it } from 'vitest';
import { parseEventId } from '../../../../src/core/ids.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock, settled } from './fake-clock.ts';
import { anna, local, otto, room, stranger, vera, World, type WorldOptions } from './world.ts';

async function asked(options: WorldOptions = {}) {
  const world = new World(tempFolder(), options);
  const event = await world.says(anna, '!thing drop x');
  return { world, event, ...(await world.question()) };
}

const react = (key: string, target: string) =>
  ({ kind: 'reaction', key, target: parseEventId(target) }) as const;

describe('a question before something is destroyed', () => {
  it('[#16] shows the plan and a code; the code lets it run, once', async () => {
    const { world, event, code } = await asked();
    expect(world.answers()).toEqual([]);
    expect(world.target.effects()).toEqual([]);
    await world.says(anna, ` ${code.toLowerCase()} `);
    expect(await world.answerTo(event)).toMatchObject({ outcome: 'ok' });
    await world.says(anna, code);
    await world.idle();
    expect(world.target.effects()).toEqual(['x/drop']);
    expect(world.answers()).toHaveLength(1);
    expect(world.decisions()).toEqual(['confirmed confirmed', 'allowed begun', 'finished ok']);
  });

  it('[#16] counts as answered by a reply, and in a thread that grew from the question', async () => {
    for (const how of ['replyTo', 'thread'] as const) {
      const { world, event, code, prompt } = await asked();
      await world.does(anna, { kind: 'message', body: code, [how]: prompt });
      expect((await world.answerTo(event)).outcome).toBe('ok');
    }
  });

  it('[#16] is not answered by the code in another thread', async () => {
    const { world, code } = await asked();
    await world.does(anna, {
      kind: 'message',
      body: code,
      thread: parseEventId('$elsewhere'),
    });
    await world.idle();
    expect(world.target.effects()).toEqual([]);
    expect(world.answers()).toEqual([]);
  });

  it('[#16] is not answered by anybody else', async () => {
    const { world, code, prompt } = await asked({ trusted: true });
    const reply = await world.does(otto, { kind: 'message', body: code, replyTo: prompt });
    expect((await world.answerTo(reply)).codes).toEqual(['E_CONFIRM_WRONG_PERSON']);
    const plain = await world.says(vera, code);
    expect((await world.answerTo(plain)).codes).toEqual(['E_CONFIRM_WRONG_PERSON']);
    await world.does(otto, react('✅', prompt));
    await world.does(otto, react('❌', prompt));
    await world.says(stranger, code);
    expect(world.answers()).toHaveLength(2);
    expect(world.confirmations.open()).toHaveLength(1);
    expect(world.target.effects()).toEqual([]);
  });

  it('[#16] is withdrawn after five wrong codes', async () => {
    const { world, event, code, prompt } = await asked();
    const wrong = code === 'Z2Z2' ? 'Z3Z3' : 'Z2Z2';
    for (let round = 0; round < 4; round += 1) {
      const guess = await world.does(anna, { kind: 'message', body: wrong, replyTo: prompt });
      expect((await world.answerTo(guess)).codes).toEqual(['E_CONFIRM_WRONG_CODE']);
    }
    await world.says(anna, wrong);
    expect(await world.answerTo(event)).toMatchObject({
      outcome: 'refused',
      codes: ['E_CONFIRM_WRONG_CODE'],
    });
    const late = await world.says(anna, code);
    expect((await world.answerTo(late)).codes).toEqual(['E_CONFIRM_EXPIRED']);
    expect(world.target.effects()).toEqual([]);
  });

  it('[#16] does not count the code of an earlier question as a wrong one', async () => {
    const { world, event, code } = await asked();
    await world.says(anna, code);
    await world.answerTo(event);
    await world.says(anna, '!thing drop y');
    await world.question();
    await world.says(anna, code);
    expect(world.answers()).toHaveLength(1);
    expect(world.confirmations.open()[0]?.wrongTries).toBe(0);
  });

  it('[#16] is taken back by ❌, by removing it or the command, and by !cancel', async () => {
    const ways = [
      ({ world, prompt }: Awaited<ReturnType<typeof asked>>) =>
        world.does(anna, react('❌', prompt)),
      ({ world, prompt }) => world.does(anna, react('❌\ufe0f', prompt)),
      ({ world, prompt }) => world.does(otto, { kind: 'redaction', target: prompt }),
      ({ world, event }) => world.does(anna, { kind: 'redaction', target: event }),
      ({ world, job }) => world.says(anna, `!cancel ${job.id}`),
    ] as const satisfies ((question: Awaited<ReturnType<typeof asked>>) => Promise<unknown>)[];
    for (const way of ways) {
      const question = await asked({ trusted: true });
      const { world, event, code, prompt } = question;
      await way(question);
      expect((await world.answerTo(event)).outcome).toBe('cancelled');
      await world.does(anna, react('✅', prompt));
      await world.says(anna, code);
      await world.idle();
      expect(world.target.effects()).toEqual([]);
    }
  });

  it('[#16] takes ✅ only where reactions are trusted; the first valid answer wins', async () => {
    const untrusted = await asked();
    await untrusted.world.does(anna, react('✅', untrusted.prompt));
    await untrusted.world.idle();
    expect(untrusted.world.target.effects()).toEqual([]);

    const { world, event, prompt } = await asked({ trusted: true });
    await world.does(anna, react('✅', prompt));
    await world.does(anna, react('✅', prompt), { id: '$twice' });
    await world.does(anna, react('❌', prompt));
    expect((await world.answerTo(event)).outcome).toBe('ok');
    await world.idle();
    expect(world.target.effects()).toEqual(['x/drop']);
    expect(world.answers()).toHaveLength(1);
  });

  it('[#16] is known by our own row, not by what an event looks like', async () => {
    const { world } = await asked({ trusted: true });
    const forged = await world.says(anna, 'Confirm `thing drop x`');
    await world.does(anna, react('✅', forged));
    await world.does(anna, { kind: 'redaction', target: forged });
    expect(world.confirmations.open()).toHaveLength(1);
    expect(world.ledger.pendingCount()).toBe(0);
  });

  it('[#12] is refused where the person was removed or lost the rank in between', async () => {
    for (const change of ['removed', 'demoted'] as const) {
      const { world, event, code } = await asked();
      if (change === 'removed') world.roles.delete(anna);
      else world.roles.set(anna, 'operator');
      await world.says(anna, code);
      expect((await world.answerTo(event)).codes).toEqual([
        change === 'removed' ? 'E_NOT_ALLOWED' : 'E_ROLE_TOO_LOW',
      ]);
      expect(world.target.effects()).toEqual([]);
    }
  });

  it('[#17] runs exactly what was shown, or nothing', async () => {
    const { world, event, code } = await asked();
    world.target.size = 2;
    await world.says(anna, code);
    expect((await world.answerTo(event)).codes).toEqual(['E_CONFIRM_CHANGED']);
    expect(world.target.effects()).toEqual([]);
  });

  it('[#16] is still open after a restart, and runs once', async () => {
    const { world, event, code, prompt } = await asked({ trusted: true });
    world.close();
    const next = new World(world.folder, { trusted: true });
    next.dispatcher.recover();
    await next.says(anna, code);
    await next.does(anna, react('✅', prompt));
    expect((await next.answerTo(event)).outcome).toBe('ok');
    expect(next.target.effects()).toEqual(['x/drop']);
  });
});

describe('the time of a question (fake clock) [#16]', () => {
  it('runs out by itself, and a late code is told so', async () => {
    const clock = new FakeClock();
    const { world, event, code, prompt } = await asked({ clock });
    await clock.advance(299_000);
    expect(world.confirmations.open()).toHaveLength(1);
    await clock.advance(1001);
    const answer = await world.answerTo(event);
    expect(answer).toMatchObject({ outcome: 'cancelled', codes: ['E_CONFIRM_EXPIRED'] });
    expect(answer.text).toContain('No confirmation of `thing drop x` reached me in time');
    const yes = await world.does(anna, { kind: 'message', body: 'yes', replyTo: prompt });
    expect((await world.answerTo(yes)).codes).toEqual(['E_CONFIRM_EXPIRED']);
    const late = await world.says(anna, code);
    expect((await world.answerTo(late)).codes).toEqual(['E_CONFIRM_EXPIRED']);
    expect(world.target.effects()).toEqual([]);
  });

  it('a late code is no wrong guess at the next question', async () => {
    const clock = new FakeClock();
    const { world, code, prompt } = await asked({ clock });
    await clock.advance(300_001);
    const next = await world.says(anna, '!thing drop y');
    await world.question();
    for (let tries = 0; tries < 6; tries += 1) {
      const late = await world.does(anna, { kind: 'message', body: code, replyTo: prompt });
      expect((await world.answerTo(late)).codes).toEqual(['E_CONFIRM_EXPIRED']);
    }
    expect(world.confirmations.open().map((each) => each.commandEvent)).toEqual([next]);
  });

  it('is not made longer by a clock that is set back', async () => {
    const clock = new FakeClock();
    const { world, code } = await asked({ clock });
    await clock.advance(200_000);
    clock.setWall(clock.now() - 3_600_000);
    await clock.advance(100_001);
    await world.says(anna, code);
    await settled();
    expect(world.target.effects()).toEqual([]);
  });

  it('ends at once where the clock jumps ahead', async () => {
    const clock = new FakeClock();
    const { world, event, code } = await asked({ clock });
    clock.setWall(clock.now() + 3_600_000);
    const typed = await world.says(anna, code);
    expect((await world.answerTo(typed)).codes).toEqual(['E_CONFIRM_EXPIRED']);
    expect((await world.answerTo(event)).outcome).toBe('cancelled');
    expect(world.target.effects()).toEqual([]);
  });

  it('goes on over a restart, also when the clock is set back meanwhile', async () => {
    const clock = new FakeClock();
    const { world, code } = await asked({ clock });
    await clock.advance(200_000);
    await world.ask(vera, '!thing show y');
    world.close();
    const later = new FakeClock(clock.now() - 150_000);
    const next = new World(world.folder, { clock: later });
    next.dispatcher.recover();
    await later.advance(99_000);
    expect(next.confirmations.open()).toHaveLength(1);
    await later.advance(1001);
    await next.says(anna, code);
    await settled();
    expect(next.target.effects()).toEqual([]);
    expect(next.confirmations.open()).toEqual([]);
  });
});

describe('a change that was read late', () => {
  it('asks first; a read runs', async () => {
    const world = new World(tempFolder());
    expect((await world.ask(anna, '!thing show x', 900_000)).outcome).toBe('ok');
    const event = await world.says(anna, '!thing set x', 900_000);
    const { code } = await world.question();
    expect(world.confirmations.open()[0]?.reason).toBe('stale');
    expect(world.target.effects()).toEqual([]);
    await world.says(anna, code);
    expect((await world.answerTo(event)).outcome).toBe('ok');
    expect(world.target.effects()).toEqual(['x/set']);
  });

  it('also when it lay in the ledger for long (fake clock)', async () => {
    const clock = new FakeClock();
    const world = new World(tempFolder(), { clock });
    const eventId = parseEventId('$old');
    const input = { kind: 'message', body: '!thing set x' } as const;
    const event = { eventId, roomId: room, sender: anna, input, ageMs: 0 };
    world.ledger.record([event], clock.now());
    await clock.advance(301_000);
    await world.redeliver();
    await world.question();
    expect(world.target.effects()).toEqual([]);
  });
});

describe('a question on the terminal', () => {
  const submit = (world: World, yes: boolean, interactive: boolean) =>
    world.dispatcher.submit({
      words: ['thing', 'drop', 'x'],
      actor: local('owner'),
      language: 'en',
      yes,
      interactive,
      surface: {
        working: () => undefined,
        progress: () => undefined,
        tell: () => undefined,
        prompt: () => null,
        finish: () => undefined,
      },
    });

  it('is skipped by --yes, and refused where nobody is there', async () => {
    const world = new World(tempFolder());
    expect((await submit(world, false, false)).outcome).toBe('refused');
    expect(world.target.effects()).toEqual([]);
    expect((await submit(world, true, false)).outcome).toBe('ok');
    expect(world.target.effects()).toEqual(['x/drop']);
  });

  it('is answered by whoever asked, with the code', async () => {
    const world = new World(tempFolder());
    const running = submit(world, false, true);
    const question = await world.eventually(() => world.confirmations.open()[0] ?? null);
    const { job, code } = question;
    const confirm: typeof world.dispatcher.confirm = (...given) =>
      world.dispatcher.confirm(...given);
    expect(() => confirm(job, local('owner', 'eve'), code)).toThrow('E_CONFIRM_WRONG_PERSON');
    expect(() => confirm(job, local('admin'), code)).toThrow('E_CONFIRM_WRONG_PERSON');
    expect(() => confirm(job, local('owner'), 'Z2Z2')).toThrow('E_CONFIRM_WRONG_CODE');
    confirm(job, local('owner'), code);
    expect((await running).outcome).toBe('ok');
    expect(world.target.effects()).toEqual(['x/drop']);
    expect(() => confirm(job, local('owner'), code)).toThrow('E_CONFIRM_EXPIRED');
  });

  it('is dropped by a restart: nobody is there any more', async () => {
    const world = new World(tempFolder());
    void submit(world, false, true).catch(() => undefined);
    await world.eventually(() => world.confirmations.open()[0] ?? null);
    world.close();
    const next = new World(world.folder);
    next.dispatcher.recover();
    expect(next.confirmations.open()).toEqual([]);
    expect(next.jobs.unfinished()).toEqual([]);
    expect(next.target.effects()).toEqual([]);
  });
});
