import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { FakeClock } from './fake-clock.ts';
import { anna, World } from './world.ts';

describe('an answer that waited while the bot was down (fake clock)', () => {
  it.each([1, 5, 120])(
    '[#16] sent in time and read %i min too late, a code is told so',
    async (late) => {
      const clock = new FakeClock();
      const world = new World(tempFolder(), { clock });
      const event = await world.says(anna, '!thing drop x');
      const { code } = await world.question();
      world.close();
      const down = 300_000 + late * 60_000;
      const back = new FakeClock(clock.now() + down);
      const next = new World(world.folder, { clock: back });
      next.dispatcher.recover();
      expect((await next.answerTo(event)).text).toContain('No confirmation of `thing drop x`');
      const inTime = await next.says(anna, code, down - 100_000);
      expect((await next.answerTo(inTime)).codes).toEqual(['E_CONFIRM_READ_LATE']);
      const tooLate = await next.says(anna, code, down - 300_001);
      expect((await next.answerTo(tooLate)).codes).toEqual(['E_CONFIRM_EXPIRED']);
      expect(next.target.effects()).toEqual([]);
    },
  );
});
