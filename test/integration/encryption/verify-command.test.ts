import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TerminalEvent } from '../../../src/cli/protocol.ts';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab, type Lab } from '../../lab/lab.ts';
import { urtc } from '../../lab/product.ts';
import { register } from '../../lab/synapse/accounts.ts';
import { until } from '../../lab/wait.ts';
import { RawTerminal, requestLine } from '../../unit/cli/terminal-desk.ts';
import { MetBot } from '../failure/met-bot.ts';
import { begin } from './begun-verification.ts';

let lab: Lab;
let bot: MetBot;
let alice: EncryptedPerson;

beforeAll(async () => {
  lab = await startLab({ name: 'verify-command', people: [], encrypted: true });
  const { baseUrl } = lab.synapse;
  alice = await EncryptedPerson.watching(baseUrl, await register(baseUrl, { localpart: 'alice' }));
  const people = [{ user: alice.userId, role: 'admin' as const }];
  bot = await MetBot.meet(lab, { people, entering: [alice] });
});
afterAll(async () => {
  await alice.stop();
  await lab.stop();
});

type Told<Type extends TerminalEvent['type']> = Extract<TerminalEvent, { type: Type }>;

/** `urtc bot verify` by root, who watches. */
class Verify {
  readonly #terminal = new RawTerminal(join(dirname(bot.process.configFile), 'run'));

  constructor() {
    this.#terminal.send(requestLine(['bot', 'verify']));
  }

  async told<Type extends TerminalEvent['type']>(type: Type, holding = ''): Promise<Told<Type>> {
    const isIt = (event: TerminalEvent): event is Told<Type> =>
      event.type === type && JSON.stringify(event).includes(holding);
    return until(`${type} ${holding}`, () => this.#terminal.events.find(isIt), {
      timeoutMs: 60_000,
    });
  }

  answer(
    message: { readonly type: 'confirm'; readonly code: string } | { readonly type: 'cancel' },
  ) {
    this.#terminal.send(`${JSON.stringify(message)}\n`);
  }
}

let direct: string | null = null;

/** The person begins in a chat with the bot, the same each time. */
async function request() {
  direct ??= await chat();
  await alice.verdictOn(bot.userId, '');
  return alice.crypto.requestVerificationDM(bot.userId, direct);
}

async function chat(): Promise<string> {
  const made = await alice.createRoom({ invite: [bot.userId], more: { is_direct: true } });
  const joined = () => alice.sdk.getRoom(made)?.getMember(bot.userId)?.membership === 'join';
  await until('the bot is in the chat', () => (joined() ? true : undefined), {
    timeoutMs: 60_000,
  });
  return made;
}

const isVerified = async (): Promise<boolean> => {
  await alice.verdictOn(bot.userId, '');
  return (await alice.crypto.getUserVerificationStatus(bot.userId)).isVerified();
};

test('[#32] the emoji of a direct chat are compared on the server, which tells what to do meanwhile', async () => {
  const verify = new Verify();
  const waiting = JSON.stringify(await verify.told('progress', 'bot.verify.waiting'));
  expect(waiting).toContain(alice.userId);
  expect(waiting).toContain(bot.userId);
  const { sas, ended } = await begin(await request());
  await verify.told('progress', 'bot.verify.begun');
  const { code, shown } = await verify.told('prompt');
  const theirs = (sas.sas.emoji ?? []).map(([symbol]) => symbol);
  expect(theirs).toHaveLength(7);
  const table = shown.find((node) => node.type === 'table');
  expect(table?.type === 'table' ? table.rows.map(([symbol]) => symbol) : null).toEqual(theirs);
  expect(await isVerified()).toBe(false);
  verify.answer({ type: 'confirm', code });
  await verify.told('progress', 'bot.verify.other-side');
  await sas.confirm();
  expect((await verify.told('finish')).outcome).toBe('ok');
  expect(await ended).toBe('verified');
  await until('the client shows it', async () => ((await isVerified()) ? true : undefined), {
    timeoutMs: 60_000,
  });
});

test('[#32] a no on the server ends it for the other side, also right after a yes', async () => {
  const verify = new Verify();
  const { ended } = await begin(await request());
  await verify.told('prompt');
  verify.answer({ type: 'cancel' });
  expect((await verify.told('finish')).outcome).toBe('cancelled');
  expect(await ended).toMatch(/^ended: /);
});

test('[#32] one that the bot did not survive can be begun again', async () => {
  const verify = new Verify();
  const first = await begin(await request());
  await verify.told('prompt');
  await bot.kill9();
  await bot.start();
  // What a client does when its person closes the window.
  first.sas.cancel();
  expect(await first.ended).toMatch(/^ended: /);
  const again = new Verify();
  const { sas, ended } = await begin(await request());
  const { code } = await again.told('prompt');
  await sas.confirm();
  again.answer({ type: 'confirm', code });
  expect((await again.told('finish')).outcome).toBe('ok');
  expect(await ended).toBe('verified');
});

test('[#32] without somebody who can be asked, nothing is confirmed', async () => {
  const { code, stdout } = await urtc([
    'bot',
    'verify',
    '--json',
    '--config',
    bot.process.configFile,
  ]);
  expect(code).toBe(77);
  expect(stdout).toContain('E_CONFIRM_NO_TTY');
});
