import { maskSecrets } from '../bot/daemon/mask-secrets.ts';
import { createLog } from '../bot/daemon/logging.ts';
import { recoverDevice, type RecoveredDevice } from '../bot/daemon/recovery.ts';
import { keepWasmSmall } from '../bot/daemon/small-wasm.ts';
import { readRecoveryKey } from '../bot/crypto/recovery/recovery-key.ts';
import { actorName } from '../commands/actor-name.ts';
import { nameOf } from '../commands/command-index.ts';
import { keyText } from '../commands/nouns/bot/key-text.ts';
import { commands } from '../commands/nouns/index.ts';
import { Mask } from '../core/mask.ts';
import type { ReportNode } from '../core/report.ts';
import { say } from '../core/text.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { loadConfig } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/secrets.ts';
import { acquireLock } from '../platform/store/lock.ts';
import { assertMayWorkIn, becomeOwnerOf } from './become-owner.ts';
import { loginOf } from './login.ts';
import type { Screen } from './screen.ts';

/** Software error (sysexits.h): the disk stopped taking keys in the middle. */
const lostExit = 70;

/**
 * `urtc bot recover`: a new device gets the old identity of the bot. The bot must be stopped, the key
 * is typed in or comes on standard input, never on the command line. Returns the exit code. Throws
 * `E_STORE_LOCKED`, `E_RECOVERY_KEY_INVALID`, and what `recoverDevice` throws.
 */
export async function recoverIdentity(
  file: string,
  environment: Environment,
  screen: Screen,
): Promise<number> {
  keepWasmSmall();
  const config = loadConfig(file, environment, commands.map(nameOf));
  becomeOwnerOf(config.folders.data);
  assertMayWorkIn(config.folders.data);
  const held = await acquireLock(config.folders.data);
  try {
    const mask = new Mask();
    maskSecrets(mask, config);
    const log = createLog('error', mask, { descriptor: 2, pretty: true, colour: false });
    const key = readRecoveryKey(await screen.askSecret(say('bot.recover.ask')));
    const onLost = (error: unknown): void => {
      log.error({ err: error }, 'the keys of the device can not be written');
      process.exit(lostExit);
    };
    const actor = actorName({ kind: 'local', rank: 'owner', login: loginOf(environment) });
    const onProgress = (text: Parameters<Screen['note']>[0]) => screen.note(text);
    const recovered = await recoverDevice({ config, clock, actor, onProgress, onLost }, key);
    const { user } = config.settings.bot;
    const about = { command: 'bot recover', job: null, outcome: 'ok' } as const;
    await screen.answer(pageOf(user, recovered), about);
    return 0;
  } finally {
    held.release();
  }
}

function pageOf(user: string, recovered: RecoveredDevice): ReportNode[] {
  const { deviceId, identity, keys, setAside } = recovered;
  const restored =
    keys === null
      ? []
      : [
          {
            id: 'keys_restored',
            label: say('bot.recover.done-keys'),
            value: say('bot.recover.keys-there', {
              there: keys.total - keys.damaged,
              total: keys.total,
              fresh: keys.imported,
            }),
          },
          { id: 'keys_damaged', label: say('bot.recover.damaged'), value: keys.damaged },
        ];
  return [
    { type: 'outcome', outcome: 'ok', text: say('bot.recover.done', { device: deviceId, user }) },
    {
      type: 'fields',
      id: 'recovered',
      fields: [
        { id: 'identity_key', label: say('bot.identity-key'), value: keyText(identity) },
        ...restored,
      ],
    },
    ...(keys === null ? [{ type: 'hint', text: say('bot.recover.no-backup') } as const] : []),
    ...(setAside === null ? [] : asideNodes(user, setAside)),
    { type: 'hint', text: say('bot.recover.next') },
  ];
}

/** What came of the device before: its keys are of no use, but it may be on the account still. */
function asideNodes(
  user: string,
  { file, deviceId, isShown }: NonNullable<RecoveredDevice['setAside']>,
): ReportNode[] {
  const device = deviceId ?? '?';
  return [
    { type: 'hint', text: say('bot.recover.set-aside', { file }) },
    ...(isShown
      ? [{ type: 'hint', text: say('bot.recover.old-device', { device, user }) } as const]
      : []),
  ];
}
