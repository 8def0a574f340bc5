import { expect, test } from 'vitest';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { anna, otto, World } from './world.ts';

test('[#16] is withdrawn when the person may be another one; others keep theirs', async () => {
  const world = new World(tempFolder());
  const event = await world.says(anna, '!thing drop x');
  const { code } = await world.question();
  world.dispatcher.withdrawQuestions(otto);
  expect(world.confirmations.open()).toHaveLength(1);
  world.dispatcher.withdrawQuestions(anna);
  expect(await world.answerTo(event)).toMatchObject({ outcome: 'cancelled' });
  const late = await world.says(anna, code);
  expect((await world.answerTo(late)).codes).toEqual(['E_CONFIRM_EXPIRED']);
  expect(world.target.effects()).toEqual([]);
});
