import { expect, it } from 'vitest';
import { healingPause, healingResume } from '../../../../../src/commands/nouns/healing.ts';
import { fakeNow } from '../../../../fakes/cluster.ts';
import { healerStage } from '../../../ops/healing/healer-stage.ts';
import { FakeClock } from '../../dispatch/fake-clock.ts';
import { surroundings } from './cluster-stage.ts';

function setUp() {
  const all = healerStage();
  const context = { ...surroundings(), healing: all.desk(), clock: new FakeClock(fakeNow) };
  const given = { input: {}, facts: {}, done: {} };
  const run = async (command: typeof healingPause): Promise<void> => {
    await command.plan(context, {});
    for (const step of command.steps) await step.run(context, given);
  };
  return { ...all, context, run };
}

it('pauses in the name of whoever said it, and resumes', async () => {
  const { desk, run } = setUp();
  await run(healingPause);
  expect(desk().snapshot().paused).toEqual({ at: fakeNow, actor: 'local:operator:anna' });
  await run(healingResume);
  expect(desk().snapshot()).toEqual({ isOn: true, paused: null, stopped: [] });
});

it('refuses where the config does not turn it on, and says how', () => {
  const { settings, context } = setUp();
  settings.enabled = false;
  for (const command of [healingPause, healingResume]) {
    expect(() => command.plan(context, {})).toThrow(
      expect.objectContaining({ code: 'E_HEALING_OFF' }),
    );
  }
});
