import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IdentityDesk } from '../../../../src/bot/crypto/identity-desk.ts';
import type { Actor } from '../../../../src/commands/actor.ts';
import { authorise } from '../../../../src/commands/authorise.ts';
import type { BotIdentity, ShownVerification } from '../../../../src/commands/capabilities.ts';
import { botApprove } from '../../../../src/commands/nouns/bot/approve.ts';
import { botIdentity } from '../../../../src/commands/nouns/bot/identity.ts';
import { botPeople } from '../../../../src/commands/nouns/bot/people.ts';
import { botRecoveryKey } from '../../../../src/commands/nouns/bot/recovery-key.ts';
import { botReplaceRecoveryKey } from '../../../../src/commands/nouns/bot/replace-recovery-key.ts';
import { botVerify } from '../../../../src/commands/nouns/bot/verify.ts';
import { parseUserId } from '../../../../src/core/ids.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { writeCryptoDevice } from '../../../../src/platform/store/crypto-device.ts';
import { openDevice } from '../../../../src/platform/store/device.ts';
import { IdentityPins } from '../../../../src/platform/store/identity-pins.ts';
import { RecoveryKeySafe } from '../../../../src/platform/store/recovery-key-safe.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { handClock, testMasterKey } from '../../platform/store/state-folder.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { linesOf, nodesOf } from './read.ts';
import { textOf } from './stage.ts';

const user = parseUserId('@urtc:x.org');
const anna = parseUserId('@anna:x.org');
const { signal } = new AbortController();
const root: Actor = { kind: 'local', login: 'root', rank: 'owner' };
const onTerminal = { actor: root, language: 'en', surface: 'terminal', signal } as const;
const identity = { version: '1.2.3', botUser: user, serverName: 'x.org' };
const key = (letter: string) => letter.repeat(43);

function setUp() {
  const folder = tempFolder();
  const database = stateIn(folder);
  onTestFinished(() => database.close());
  const clock = handClock();
  const pins = new IdentityPins(database);
  const safe = new RecoveryKeySafe({ database, masterKey: testMasterKey(), clock, user });
  const deviceFile = join(folder, 'device.sqlite');
  const desk = new IdentityDesk({ user, pins, safe, clock, deviceFile });
  return {
    desk,
    pins,
    safe,
    clock,
    deviceFile,
    context: { ...onTerminal, identity, botIdentity: desk },
  };
}

describe('[#32] bot identity', () => {
  it('tells without a home server what the files know', async () => {
    const { context, safe, deviceFile, clock } = setUp();
    expect(await linesOf(botIdentity.run(context, {}))).toEqual([
      'User: @urtc:x.org',
      'Recovery key: was not made on this server',
      expect.stringMatching(/^This bot has no keys here yet/),
    ]);
    const device = openDevice(deviceFile);
    writeCryptoDevice(device, { user, deviceId: 'DEV', fingerprint: key('f') });
    device.close();
    safe.keep(new Secret('EsTc'));
    expect(await linesOf(botIdentity.run(context, {}))).toEqual([
      'User: @urtc:x.org',
      'Device: DEV',
      `Fingerprint of the device: ${'ffff '.repeat(10)}fff`,
      'Signed by its identity: not known before the bot has reached the home server',
      'Recovery key: is being set up',
    ]);
    safe.ready();
    expect((await linesOf(botIdentity.run(context, {}))).at(-1)).toMatch(/^Recovery key: waits/);
    clock.time += 1000;
    safe.show();
    expect((await linesOf(botIdentity.run(context, {}))).at(-1)).toMatch(
      /^Recovery key: was shown/,
    );
  });
});

describe('[#32] bot identity of keys that are gone', () => {
  it('says so, and what brings them back', async () => {
    const { context, safe, desk, deviceFile } = setUp();
    expect(desk.keysLost()).toBe(false);
    safe.keep(new Secret('EsTc'));
    safe.ready();
    const text = textOf(await nodesOf(botIdentity.run(context, {})));
    expect(text).toMatch(/keys of the bot .*are gone or damaged.*bot recover/);
    expect(text).not.toContain('no keys here yet');
    expect(desk.keysLost()).toBe(true);
    writeFileSync(deviceFile, 'x'.repeat(8192));
    expect(desk.keysLost()).toBe(true);
  });
});

describe('[#32] bot recovery-key', () => {
  it('shows the key to the owner on the terminal, once', async () => {
    const { context, safe } = setUp();
    await expect(nodesOf(botRecoveryKey.run(context, {}))).rejects.toThrow(
      'E_RECOVERY_KEY_UNREADY',
    );
    safe.keep(new Secret('EsTc LW2K'));
    safe.ready();
    const [shown] = await nodesOf(botRecoveryKey.run(context, {}));
    expect(shown?.type === 'secret' ? shown.value.reveal() : null).toBe('EsTc LW2K');
    await expect(nodesOf(botRecoveryKey.run(context, {}))).rejects.toThrow('E_RECOVERY_KEY_SHOWN');
  });
});

describe('[#33] bot approve', () => {
  it('takes exactly the new identity that was shown, and nothing without one', async () => {
    const { context, pins, clock } = setUp();
    const input = { user: anna };
    expect(() => botApprove.plan(context, input)).toThrow('E_PERSON_UNPINNED');
    pins.see(anna, key('a'), clock.now());
    expect(() => botApprove.plan(context, input)).toThrow('E_PERSON_UNCHANGED');
    expect(pins.see(anna, key('b'), clock.now())).toBe('changed');
    const plan = await botApprove.plan(context, input);
    expect(textOf(plan.shown)).toContain('aaaa aaaa');
    expect(textOf(plan.shown)).toContain('bbbb bbbb');
    for (const name of ['anna', '@anna', '@anna:x.org']) {
      const meant = botApprove.arguments.user.schema.parse(name);
      expect(await botApprove.plan(context, { user: meant })).toEqual(plan);
    }
    const step = { input, facts: plan.facts, done: {} };
    const [approve] = botApprove.steps;
    expect(await approve.settle(context, step)).toEqual({ state: 'not-done' });

    // Another one comes in between: that is not what was confirmed.
    pins.see(anna, key('c'), clock.now());
    await expect(approve.run(context, step)).rejects.toThrow('E_CONFIRM_CHANGED');
    expect(pins.find(anna)?.masterKey).toBe(key('a'));
    pins.see(anna, key('b'), clock.now());
    await approve.run(context, step);
    expect(await approve.settle(context, step)).toEqual({ state: 'done', result: {} });
    expect(pins.see(anna, key('b'), clock.now())).toBe('known');
    expect(pins.see(anna, key('a'), clock.now())).toBe('changed');
  });

  it('lists who is known and who waits', async () => {
    const { context, pins, clock } = setUp();
    expect(await nodesOf(botPeople.run(context, {}))).toMatchObject([
      { type: 'table', id: 'people', rows: [], none: { key: 'bot.people.none' } },
    ]);
    pins.see(anna, key('a'), clock.now());
    pins.see(anna, key('b'), clock.now());
    const text = textOf(await nodesOf(botPeople.run(context, {})));
    expect(text).toContain('@anna:x.org');
    expect(text).toContain('bbbb bbbb');
    expect(text).toContain('sudo urtc bot approve');
  });

  it.each([botApprove, botRecoveryKey, botReplaceRecoveryKey, botVerify])(
    'is for the owner on the terminal: $words',
    (command) => {
      const admin: Actor = { kind: 'person', user: anna, rank: 'admin' };
      expect(() => authorise(command, admin, 'room')).toThrow('E_TERMINAL_ONLY');
      const local: Actor = { kind: 'local', login: 'x', rank: 'admin' };
      expect(() => authorise(command, local, 'terminal')).toThrow('E_ROLE_TOO_LOW');
      expect(() => authorise(command, root, 'terminal')).not.toThrow();
    },
  );
});

describe('[#32] bot verify', () => {
  const shown: ShownVerification = {
    ...{ flow: '$flow', user: anna, device: 'PHONE' },
    emoji: [{ symbol: '🐶', name: 'sas.dog' }],
  };

  const others = {
    identity: { version: '1', botUser: user, serverName: 'x.org' },
    people: {
      ...{ roleOf: () => null, roleOfAccount: () => null, adminCount: () => 0 },
      ...{ list: () => [], setLanguage: () => undefined },
      languageOf: () => 'en' as const,
    },
    speech: { progress: () => undefined, tell: () => undefined, isSealed: false },
  };

  it('shows the emoji, confirms only after a yes, and tells the other side of a no', async () => {
    const { desk } = setUp();
    const told: string[] = [];
    const identity: BotIdentity = {
      ...{ snapshot: () => desk.snapshot(), people: () => [], person: () => null },
      ...{ approve: () => Promise.resolve(false), showRecoveryKey: () => new Secret('') },
      ...{ recoveryKeyMadeAt: () => null, replaceRecoveryKey: () => Promise.resolve() },
      verification: {
        next: () => Promise.resolve(shown),
        confirm: (flow) => Promise.resolve(void told.push(`confirm ${flow}`)),
        refuse: (flow) => Promise.resolve(void told.push(`refuse ${flow}`)),
        isDone: () => told.length > 0,
      },
    };
    const context = { ...onTerminal, ...others, botIdentity: identity };
    const plan = await botVerify.plan(context, {});
    expect(textOf(plan.shown)).toContain('🐶 · Dog');
    expect(told).toEqual([]);
    const step = { input: {}, facts: plan.facts, done: {} };
    botVerify.declined?.(context, step);
    expect(told.splice(0)).toEqual(['refuse $flow']);
    expect(await botVerify.steps[0].settle(context, step)).toEqual({ state: 'not-done' });
    await botVerify.steps[0].run(context, step);
    expect(told).toEqual(['confirm $flow']);
  });

  it('tells at once what it would do, and asks nobody for it', () => {
    const { desk } = setUp();
    const never = (): never => {
      throw new Error('nobody is asked');
    };
    const identity: BotIdentity = {
      ...{ snapshot: () => desk.snapshot(), people: () => [], person: () => null },
      ...{ approve: never, showRecoveryKey: never, recoveryKeyMadeAt: () => null },
      ...{ replaceRecoveryKey: never },
      verification: { next: never, confirm: never, refuse: never, isDone: never },
    };
    const context = { ...onTerminal, ...others, botIdentity: identity };
    expect(textOf(botVerify.preview?.(context, {}) ?? [])).toContain(`begins to verify ${user}`);
  });

  it('needs a bot that runs', async () => {
    const { context } = setUp();
    expect(() => botVerify.preview?.({ ...context, ...others }, {})).toThrow('E_BOT_NOT_RUNNING');
    await expect(botVerify.plan({ ...context, ...others }, {})).rejects.toThrow(
      'E_BOT_NOT_RUNNING',
    );
  });
});
