import { describe, expect, it } from 'vitest';
import { userAdd } from '../../../../src/commands/nouns/user/add.ts';
import { userAdmin } from '../../../../src/commands/nouns/user/admin.ts';
import { parseLocalpart } from '../../../../src/core/ids.ts';
import { translate } from '../../../../src/core/words/translate.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { anna, World } from './world.ts';

const mia = parseLocalpart('mia');

function withMia(): World {
  const world = new World(tempFolder(), { commands: [userAdd, userAdmin] });
  world.users.put(mia);
  return world;
}

/** What the questions of a world say will happen, as they are asked. */
function questionsIn({ room }: World): readonly string[] {
  const asked: string[] = [];
  const prompt = room.prompt.bind(room);
  room.prompt = (job, question) => {
    for (const node of question.shown) {
      if (node.type === 'paragraph') asked.push(translate(node.text, 'en'));
    }
    return prompt(job, question);
  };
  return asked;
}

describe('what a person of the room could never take back', () => {
  it('[#37] making a server admin asks first and says who alone can undo it', async () => {
    const world = withMia();
    const shown = questionsIn(world);
    const event = await world.says(anna, '!user admin mia on');
    const { code } = await world.question();
    expect(shown.join()).toContain('Only root');
    expect(shown.join()).toContain('`sudo urtc user admin mia off`');
    expect(world.users.get(mia).serverAdmin).toBe(false);
    await world.says(anna, code);
    expect((await world.answerTo(event)).outcome).toBe('ok');
    expect(world.users.get(mia).serverAdmin).toBe(true);
  });

  it('[#37] so does making an account that is one; its line for root survives any name', async () => {
    const world = withMia();
    const shown = questionsIn(world);
    await world.says(anna, '!user add --admin -- --mio');
    await world.question();
    expect(shown.join()).toContain('`sudo urtc user admin -- --mio off`');
    expect((await world.ask(anna, '!user add max')).outcome).toBe('ok');
  });
});

describe('a question', () => {
  it('says that it can not be undone only of what destroys', async () => {
    const world = withMia();
    const reasons: string[] = [];
    const prompt = world.room.prompt.bind(world.room);
    world.room.prompt = (job, question) => {
      reasons.push(question.reason);
      return prompt(job, question);
    };
    for (const [line, ageMs] of [
      ['!user admin mia on', 0],
      ['!thing drop x', 0],
      ['!thing set x', 900_000],
    ] as const) {
      await world.says(anna, line, ageMs);
    }
    await world.eventually(() => (reasons.length === 3 ? true : null));
    expect(reasons.sort()).toEqual(['asks', 'destroy', 'stale']);
  });
});
