import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLab, type Lab } from '../../lab/lab.ts';
import type { Person } from '../../lab/person.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { askedBy } from './asked.ts';
import { MetBot } from './met-bot.ts';

let lab: Lab;
let alice: Person;
let bob: Person;
let bot: MetBot;

beforeAll(async () => {
  lab = await startLab({ name: 'trusted-reactions', people: ['alice', 'bob'] });
  alice = lab.person('alice');
  bob = lab.person('bob');
  const people = [alice, bob].map(({ userId: user }) => ({ user, role: 'admin' as const }));
  bot = await MetBot.meet(lab, { people, entering: [alice, bob] });
  await register(lab.synapse.baseUrl, { localpart: 'victim' });
  await bot.term();
  await bot.start({ people, settings: { confirmation: { trustReactionsIn: [bot.room] } } });
});
afterAll(() => lab.stop());

test('[#16] ✅ counts where the config trusts reactions and the room is plain, from the asker alone', async () => {
  const { room } = bot;
  const { command, prompt, code } = await askedBy(alice, room, '!user deactivate victim');
  await bob.react(room, prompt.event_id, '✅');
  await bob.ask(room, '!version');
  expect((await bob.ask(room, '!jobs')).body).toContain('deactivate');
  await alice.react(room, prompt.event_id, '✅');
  if (lab.isEncrypted) {
    // No reaction is sealed, so none is hers for certain.
    await bob.ask(room, '!version');
    expect((await bob.ask(room, '!jobs')).body).toContain('deactivate');
    await alice.send(room, code, { reply: prompt.event_id });
  }
  expect((await alice.answerTo(room, command)).outcome).toBe('ok');
});
