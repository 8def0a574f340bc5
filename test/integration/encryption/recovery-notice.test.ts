import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyOf } from '../../lab/event.ts';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { MetBot } from '../failure/met-bot.ts';

let lab: Lab;
const more: EncryptedPerson[] = [];

beforeAll(async () => {
  lab = await startLab({ name: 'recovery-notice', people: [], encrypted: true });
});
afterAll(async () => {
  await Promise.all(more.map((person) => person.stop()));
  await lab.stop();
});

async function person(localpart: string, signed = true): Promise<EncryptedPerson> {
  const { baseUrl } = lab.synapse;
  const account = await register(baseUrl, { localpart });
  const made = await EncryptedPerson.watching(baseUrl, account, { signed });
  more.push(made);
  return made;
}

const notices = (bot: MetBot, reader: EncryptedPerson) =>
  bot.said(reader).filter(bot.says('recovery key waits on the server'));

test('[#32] that a recovery key waits is told once, when somebody is there who can read it', async () => {
  const [late, blind] = [await person('late'), await person('blind', false)];
  const people = [late, blind].map(({ userId: user }) => ({ user, role: 'admin' as const }));
  const bot = await MetBot.unborn(lab, { people });
  const invited = blind.invitation();
  await bot.start();
  bot.room = await invited;
  // Nobody has entered, and then somebody without a verified device.
  await blind.join(bot.room);
  await bot.term();
  await bot.start();

  await late.invitation(bot.room);
  await late.join(bot.room);
  await late.waitFor(bot.room, bot.says('recovery key waits on the server'), { timeoutMs: 60_000 });
  for (const line of ['!status', '!bot identity']) {
    expect((await late.ask(bot.room, line)).body).toMatch(/waits since .*urtc bot recovery-key/);
  }
  await bot.term();
  await bot.start();
  const on = ['--config', bot.process.configFile];
  expect((await urtc(['status', ...on])).stdout).toContain('urtc bot recovery-key');
  expect((await urtc(['bot', 'recovery-key', ...on])).code).toBe(0);
  expect((await late.ask(bot.room, '!status')).body).not.toContain('recovery');
  const all = await late.messages(bot.room);
  const told = all.filter((event) => bodyOf(event).includes('recovery key waits on the server'));
  expect(told).toHaveLength(1);
  expect(notices(bot, late)).toHaveLength(1);
});
