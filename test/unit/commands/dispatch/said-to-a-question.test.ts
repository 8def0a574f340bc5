import { describe, expect, it } from 'vitest';
import { parseEventId } from '../../../../src/core/ids.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { anna, otto, World } from './world.ts';

describe('what people say to a question in other words', () => {
  it('[#16] gets an answer where the asked person says it, and is no guess', async () => {
    const thread = parseEventId('$thread');
    const world = new World(tempFolder());
    const event = await world.does(anna, { kind: 'message', body: '!thing drop x', thread });
    const { code, prompt } = await world.question();
    const places = [{ replyTo: prompt }, { thread: prompt }, { thread }];
    for (const place of [...places, ...places]) {
      const said = await world.does(anna, { kind: 'message', body: 'yes', ...place });
      const answer = await world.answerTo(said);
      expect(answer).toMatchObject({ outcome: 'refused', codes: ['E_CONFIRM_NOT_A_CODE'] });
      expect(answer.text).toContain(code);
      expect(answer.text).toContain('❌');
    }
    const before = world.answers().length;
    await world.says(anna, 'yes');
    await world.does(anna, { kind: 'message', body: 'yes', replyTo: event, thread });
    await world.does(otto, { kind: 'message', body: 'yes', replyTo: prompt });
    await world.does(otto, { kind: 'message', body: 'yes', thread });
    expect(world.answers()).toHaveLength(before);
    expect(world.ledger.pendingCount()).toBe(0);
    expect(world.confirmations.open()[0]?.wrongTries).toBe(0);
    await world.does(anna, { kind: 'message', body: code, thread });
    expect(await world.answerTo(event)).toMatchObject({ outcome: 'ok' });
    const thanks = await world.does(anna, { kind: 'message', body: 'thanks', replyTo: prompt });
    expect(world.answers().filter(({ to }) => to === thanks)).toEqual([]);
  });
});
