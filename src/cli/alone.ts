import { resolve } from 'node:path';
import { openCluster } from '../bot/daemon/cluster.ts';
import { openHouse } from '../bot/daemon/house.ts';
import { maskSecrets } from '../bot/daemon/mask-secrets.ts';
import { createHealth } from '../bot/daemon/health.ts';
import { createLog } from '../bot/daemon/logging.ts';
import { RoomSurface } from '../bot/room-surface.ts';
import { nameOf } from '../commands/command-index.ts';
import { createDispatcher } from '../commands/dispatcher.ts';
import { commands } from '../commands/nouns/index.ts';
import { createRegistry } from '../commands/registry.ts';
import { Mask } from '../core/mask.ts';
import { say } from '../core/text.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { loadConfig, readSettings } from '../platform/config/config.ts';
import { acquireLock } from '../platform/store/lock.ts';
import { assertMayWorkIn, becomeOwnerOf } from './become-owner.ts';
import type { CommandCall } from './command-call.ts';
import { converse } from './conversation.ts';
import { folderProblem } from './folder-problem.ts';
import { loginOf } from './login.ts';
import type { Screen } from './screen.ts';
import { processInterrupts, talk } from './talk.ts';

/** How long a step may take to end after its command was answered, ms. */
const drainMs = 5000;

/**
 * Runs a command without a bot, as the bot's user and under the same lock: whoever can do this owns
 * the data, so the rank is `owner`. Throws `E_STORE_LOCKED` at once where somebody else has the
 * store, `E_TERMINAL_NO_BOT` where this user may not work there, and what reading the config throws.
 */
export async function runAlone(call: CommandCall, screen: Screen): Promise<number> {
  const { configFile, environment } = call;
  const registry = createRegistry(commands);
  const result = readSettings(configFile, registry.commands.map(nameOf));
  if (!result.ok) throw result.problems[0];
  const login = loginOf(environment);
  const folder = resolve(configFile, '..', result.settings.dataDir);
  becomeOwnerOf(folder);
  assertMayWorkIn(folder);
  const config = loadConfig(configFile, environment, registry.commands.map(nameOf));
  const held = await acquireLock(folder).catch((error: unknown) => {
    throw folderProblem(error, 'dataDir', folder);
  });
  try {
    const mask = new Mask();
    maskSecrets(mask, config);
    // What a person has to know stands in the answer; the log is for whoever reads a log.
    const level = screen.hasReader ? 'silent' : 'error';
    const log = createLog(level, mask, { descriptor: 2, pretty: false, colour: false });
    const kubernetes = await openCluster(config, clock, log);
    const house = openHouse({
      ...{ config, environment, registry, clock, log, mask, kubernetes },
      // A change is refused for it; of a read nobody would see it otherwise.
      onStorage: (state) => {
        if (state === 'reserve') screen.note(say('status.not-writable'));
      },
      isRunning: false,
      onReload: () => undefined,
      // The anchors are in the room, which only the bot can ask.
      anchors: null,
      health: (built) => createHealth(built, clock, null),
    });
    const { outbox } = house;
    const room = new RoomSurface({ outbox, clock });
    const dispatcher = createDispatcher({ ...house.dispatch, room });
    try {
      const language = call.language ?? config.settings.language;
      const actor = { kind: 'local', login, rank: 'owner' } as const;
      const { words, yes } = call;
      const asked = { words, yes, language, actor, interactive: screen.interactive };
      return await talk(
        (tell) => converse(dispatcher, asked, tell),
        screen,
        processInterrupts,
        'cli.cut-off',
      );
    } finally {
      await dispatcher.drain(drainMs);
      await house.close();
      await kubernetes?.close();
    }
  } finally {
    held.release();
  }
}
