import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { EchoBot } from '../bot/echo-bot.ts';

let lab: Lab;
let alice: EncryptedPerson;
let bot: EchoBot;

beforeAll(async () => {
  lab = await startLab({ name: 'unasked-keys', people: [], encrypted: true });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  bot = new EchoBot({ lab, people: [[alice.userId, 'admin']] });
});
afterEach(() => {
  lab.proxy.clear();
});
afterAll(async () => {
  await bot.stop();
  await alice.stop();
  await lab.stop();
});

test('[#33] a person has a new device and its keys can not be asked for: the answer waits, and comes', async () => {
  const room = await bot.start();
  await alice.join(await alice.invitation(room));
  await alice.ask(room, '!first');
  const rule = lab.proxy.add({
    match: { path: /\/keys\/query$/ },
    fault: { action: 'status', status: 500, body: { errcode: 'M_UNKNOWN', error: 'no' } },
  });
  const phone = await alice.newDevice();
  try {
    await until('it has asked', () => (rule.hits > 0 ? true : undefined), { timeoutMs: 60_000 });
    const command = await alice.send(room, '!meanwhile');
    const hits = rule.hits;
    await until('it has asked again', () => (rule.hits > hits ? true : undefined), {
      timeoutMs: 60_000,
    });
    rule.remove();
    await alice.answerTo(room, command);
    await phone.ask(room, '!from the phone');
    expect(bot.bodies).toEqual(['!first', '!meanwhile', '!from the phone']);
  } finally {
    await phone.stop();
  }
});
