import { describe, expect, it } from 'vitest';
import { parseUserId } from '../../../../src/core/ids.ts';
import { mostHandOuts } from '../../../../src/ops/notify/hand-outs.ts';
import { AlertPosts } from '../../../../src/platform/store/alert-posts.ts';
import { alert, told } from '../../bot/alerts/feed-fixture.ts';
import { minute, NotifyStage } from './notify-stage.ts';

const down = 'urtc: x.org takes no messages';
const again = 'urtc: x.org takes messages again';

describe('out of band (fake clock, the real five minutes)', () => {
  for (const outage of [1, 10, 60]) {
    it(`[#3] ${outage} min without a home server, 100 alerts: ${outage < 5 ? 'nobody is woken' : 'one digest after five minutes, one word at the end'}`, async () => {
      const stage = new NotifyStage();
      await stage.pass(10 * minute);
      stage.isUp = false;
      for (let nth = 0; nth < 100; nth += 1) stage.say(`alert ${nth}`);
      await stage.pass(Math.min(outage, 4.5) * minute);
      expect(stage.mail.titles).toEqual([]);
      await stage.pass(Math.max(0, outage - 4.5) * minute);
      const isTold = outage > 5;
      expect(stage.mail.titles).toEqual(isTold ? [down] : []);
      stage.isUp = true;
      await stage.pass(10 * minute);
      expect(stage.mail.titles).toEqual(isTold ? [down, again] : []);
      const [digest, recovered] = stage.mail.notes;
      if (isTold) {
        expect(digest?.text).toContain('100 messages wait.');
        expect(recovered?.text).toContain('100 messages that waited were delivered.');
      }
      expect(stage.phone.titles).toEqual([]);
      expect(stage.outbox.depth(stage.clock.now()).queued).toBe(0);
    });
  }

  it('notices a home server that is silent, also when nothing waits', async () => {
    const stage = new NotifyStage();
    await stage.pass(10 * minute);
    stage.isUp = false;
    await stage.pass(6 * minute);
    expect(stage.mail.titles).toEqual([down]);
  });

  it('notices a room that takes nothing, though the home server answers; not what may wait', async () => {
    const stage = new NotifyStage();
    stage.isTaking = false;
    const [code, label, person] = ['c', 'l', parseUserId('@anna:x.org')];
    const secret = { kind: 'secret', code, label, person, language: 'en' } as const;
    stage.say('a password', { body: secret, priority: 'answer' });
    stage.say('an edit', { priority: 'progress' });
    await stage.pass(60 * minute);
    expect(stage.mail.titles).toEqual([]);
    stage.say();
    await stage.pass(4.5 * minute);
    expect(stage.mail.titles).toEqual([]);
    await stage.pass(minute);
    expect(stage.mail.titles).toEqual([down]);
    expect(stage.mail.notes[0]?.text).toContain('1 message waits.');
  });

  it('notices a room that refuses all that it is told', async () => {
    const stage = new NotifyStage();
    await stage.pass(minute);
    stage.isRefusing = true;
    for (let nth = 0; nth < 7; nth += 1) {
      stage.say(`alert ${nth}`);
      await stage.pass(minute);
    }
    expect(stage.mail.titles).toEqual([down]);
    stage.isRefusing = false;
    stage.say('at last');
    await stage.pass(5 * minute);
    expect(stage.mail.titles).toEqual([down, again]);
  });

  it('is not over before it has been well for two minutes', async () => {
    const stage = new NotifyStage();
    await stage.pass(minute);
    stage.isUp = false;
    stage.say();
    await stage.pass(6 * minute);
    for (let nth = 0; nth < 5; nth += 1) {
      stage.isUp = true;
      await stage.pass(1.5 * minute);
      stage.isUp = false;
      stage.say();
      await stage.pass(6 * minute);
    }
    expect(stage.mail.titles).toEqual([down]);
  });

  it('notices alerts that wait because no room is known yet', async () => {
    const stage = new NotifyStage();
    await stage.pass(minute);
    const body = JSON.stringify(told('Disk', alert()));
    new AlertPosts(stage.database).add([body], stage.clock.now());
    await stage.pass(6 * minute);
    expect(stage.mail.titles).toEqual([down]);
    expect(stage.mail.notes[0]?.text).toContain('- warning: Disk (1)');
  });

  it('reminds seldom while it lasts, and of a server that comes and goes tells at most every half hour', async () => {
    const stage = new NotifyStage();
    await stage.pass(minute);
    stage.isUp = false;
    stage.say();
    await stage.pass(13 * 60 * minute);
    expect(stage.mail.titles).toEqual([down, `Still: ${down}`, `Still: ${down}`]);
    stage.isUp = true;
    await stage.pass(5 * minute);
    expect(stage.mail.titles.at(-1)).toBe(again);
    stage.mail.notes.length = 0;
    for (let nth = 0; nth < 10; nth += 1) {
      stage.isUp = false;
      stage.say();
      await stage.pass(6 * minute);
      stage.isUp = true;
      await stage.pass(6 * minute);
    }
    // Two hours.
    expect(stage.mail.titles.filter((title) => title === down).length).toBeLessThanOrEqual(5);
    expect(stage.mail.titles.filter((title) => title === down).length).toBeGreaterThanOrEqual(3);
  });

  it('takes the next channel when one fails, and goes on trying with pauses when all do', async () => {
    const stage = new NotifyStage();
    await stage.pass(minute);
    stage.mail.fate = 'refused';
    stage.isUp = false;
    stage.say();
    await stage.pass(6 * minute);
    expect([stage.mail.titles, stage.phone.titles]).toEqual([[], [down]]);
    stage.isUp = true;
    stage.phone.fate = 'refused';
    const before = stage.mail.tries;
    await stage.pass(60 * minute);
    const tries = stage.mail.tries - before;
    expect(tries).toBeGreaterThan(4);
    expect(tries).toBeLessThan(15);
    expect(stage.bot.isPending).toBe(true);
    stage.phone.fate = 'taken';
    await stage.pass(20 * minute);
    expect(stage.phone.titles).toEqual([down, again]);
    expect(stage.bot.isPending).toBe(false);
  });

  it('repeats once after a kill in the middle, not more, and never tells nobody', async () => {
    const stage = new NotifyStage();
    stage.channels = [stage.mail];
    stage.restart();
    await stage.pass(minute);
    stage.mail.fate = 'killed';
    stage.isUp = false;
    stage.say();
    await stage.pass(30 * minute);
    expect(stage.mail.titles).toEqual([down, down]);
    expect(new Set(stage.mail.notes.map(({ id }) => id)).size).toBe(1);
    stage.mail.fate = 'taken';
    // What was told is not forgotten by a restart either.
    for (let nth = 0; nth < 5; nth += 1) {
      stage.restart();
      await stage.pass(10 * minute);
    }
    expect(stage.mail.titles).toEqual([down, down]);
    stage.isUp = true;
    await stage.pass(10 * minute);
    expect(stage.mail.titles).toEqual([down, down, again]);
  });

  it('a channel that takes and does not answer is not asked a third time; the others are', async () => {
    const stage = new NotifyStage();
    await stage.pass(minute);
    stage.mail.fate = 'unsure';
    stage.phone.fate = 'refused';
    stage.isUp = false;
    stage.say();
    await stage.pass(60 * minute);
    expect(stage.mail.titles).toHaveLength(mostHandOuts);
    expect(stage.phone.tries).toBeGreaterThan(4);
    stage.phone.fate = 'taken';
    await stage.pass(16 * minute);
    expect(stage.phone.titles).toEqual([down]);
  });

  it('does not take a jump of the clock for an outage, nor miss one for it', async () => {
    const stage = new NotifyStage();
    await stage.pass(10 * minute);
    stage.isTaking = false;
    stage.say();
    stage.clock.wall += 24 * 60 * minute;
    await stage.pass(4 * minute);
    expect(stage.mail.titles).toEqual([]);
    stage.isTaking = true;
    await stage.pass(10 * minute);
    stage.isTaking = false;
    stage.say();
    await stage.pass(minute);
    stage.clock.wall -= 48 * 60 * minute;
    await stage.pass(5 * minute);
    expect(stage.mail.titles).toEqual([down]);
    stage.clock.wall += 24 * 60 * minute;
    await stage.pass(60 * minute);
    expect(stage.mail.titles).toEqual([down]);
  });

  it('gives a bot that was down for long the time to send what was left over', async () => {
    const stage = new NotifyStage();
    await stage.pass(minute);
    stage.isUp = false;
    stage.say();
    stage.clock.advance(60 * minute);
    stage.restart();
    await stage.pass(40_000);
    expect(stage.mail.titles).toEqual([]);
    await stage.pass(minute);
    expect(stage.mail.titles).toEqual([down]);
  });

  it('tells of the watchdog in the same message, or in one of its own after the digest', async () => {
    const stage = new NotifyStage();
    await stage.pass(minute);
    stage.isUp = false;
    stage.watchdog = { sight: 'unsettled', forMs: 0 };
    stage.say();
    await stage.pass(6 * minute);
    stage.watchdog = { sight: 'bad', forMs: 6 * minute };
    await stage.pass(minute);
    expect(stage.mail.titles).toEqual([down, 'urtc: monitoring of x.org is silent']);
    // The room has it now: nothing more is to be told out of band.
    stage.isUp = true;
    stage.watchdog = { sight: 'told-there', forMs: 10 * minute };
    await stage.pass(10 * minute);
    stage.watchdog = { sight: 'good', forMs: 0 };
    await stage.pass(10 * minute);
    expect(stage.mail.titles.slice(2)).toEqual([again]);
  });
});
