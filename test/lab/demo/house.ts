import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBotConfig } from '../bot-config.ts';
import { startBot, type BotProcess } from '../bot-process.ts';
import type { Progress } from '../cache.ts';
import { LabError } from '../failure.ts';
import { EncryptedPerson } from '../encrypted/encrypted-person.ts';
import { freePort } from '../ports.ts';
import { newRunFolder, sweepRuns } from '../run-folder.ts';
import { register } from '../synapse/accounts.ts';
import { installSynapse } from '../synapse/install.ts';
import { startSynapse } from '../synapse/server.ts';
import { within } from '../wait.ts';
import { makeRecoveryKey } from './recovery-key.ts';
import { startMonitoring, type Monitoring } from './monitoring.ts';
import { startStack, type Stack } from './stack.ts';

/** A running home server with a bot on it, and a person in the bot's admin room. */
export interface House {
  readonly person: EncryptedPerson;
  readonly password: string;
  /** What another client of the person verifies itself with. */
  readonly recoveryKey: string;
  readonly roomId: string;
  readonly roomName: string;
  readonly bot: BotProcess;
  /** Null: nobody tells the bot of alerts. */
  readonly monitoring: Monitoring | null;
  /** Null: the bot looks after no cluster. */
  readonly stack: Stack | null;
}

/** How the house is to be. */
export interface HouseOptions {
  readonly language: string;
  /** With a cluster that the bot looks after. */
  readonly full: boolean;
  /** With an Alertmanager that posts to the bot. */
  readonly alerts: boolean;
  readonly progress: Progress;
}

/** Longest path of a unix socket (`sun_path` of Linux without its final zero byte). */
const longestSocketPath = 107;

/** A clone may lie too deep for sockets in it; what is made elsewhere is noted to be removed. */
const socketFolder = (botFolder: string, cleanUp: AsyncDisposableStack): string | undefined => {
  // The longest name that the bot makes while it opens its sockets.
  const longest = join(botFolder, 'run/.new-XXXXXX/s');
  if (Buffer.byteLength(longest) <= longestSocketPath) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'urtc-demo-'));
  cleanUp.defer(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
};

/** SIGTERM first: the bot finishes what it is at. */
const endBot = async (bot: BotProcess): Promise<void> => {
  try {
    await within('the end of the bot', bot.term(), 20_000);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    await bot.kill9();
  }
};

/**
 * Starts everything, from whatever the cache holds. What it starts is noted in `cleanUp` at once,
 * in the order that ends the bot first.
 *
 * @throws LabError when something does not come up, with its last lines.
 */
export const openHouse = async (
  { language, full, alerts, progress }: HouseOptions,
  cleanUp: AsyncDisposableStack,
): Promise<House> => {
  sweepRuns();
  // A folder of its own for each run: nothing that a killed run left can be met again.
  const folder = newRunFolder('demo');
  const { python } = await installSynapse(progress);
  const synapse = await startSynapse({ limits: 'off', folder: join(folder, 'synapse'), progress });
  cleanUp.defer(() => synapse.kill());
  const { baseUrl } = synapse;

  const stack = full ? await startStack(progress, cleanUp) : null;

  progress('accounts: a person, the bot, a server admin for the bot');
  const password = randomBytes(9).toString('base64url');
  const secret = (): string => randomBytes(18).toString('base64url');
  const [anna, botAccount, botAdmin, httpPort, monitoring] = await Promise.all([
    register(baseUrl, { localpart: 'anna', password }),
    register(baseUrl, { localpart: 'urtc', password: secret() }),
    register(baseUrl, { localpart: 'urtc-admin', password: secret(), admin: true }),
    freePort(),
    alerts ? startMonitoring(folder, progress, cleanUp) : null,
  ]);
  const person = await EncryptedPerson.watching(baseUrl, anna);
  cleanUp.defer(() => person.stop());

  progress('bot: starting, as in production');
  const botFolder = join(folder, 'bot');
  const socketDir = socketFolder(botFolder, cleanUp);
  const configFile = writeBotConfig({
    folder: botFolder,
    homeserverUrl: baseUrl,
    botUser: botAccount.userId,
    botToken: botAccount.accessToken,
    adminToken: botAdmin.accessToken,
    httpPort,
    people: [{ user: anna.userId, role: 'admin', language }],
    settings: {
      language,
      ...(socketDir === undefined ? {} : { terminal: { socketDir } }),
      ...(stack === null ? {} : { kubernetes: stack.settings }),
      ...(monitoring === null ? {} : { alerts: monitoring.settings }),
    },
  });
  const bot = startBot({ configFile, httpUrl: `http://127.0.0.1:${httpPort}`, python });
  cleanUp.defer(() => endBot(bot));
  const [recoveryKey] = await Promise.all([makeRecoveryKey(person), bot.ready(60_000)]);

  progress('room: waiting for the invitation to the admin room, which is end-to-end encrypted');
  const roomId = await person.join(await person.invitation());
  const name = await person.state(roomId, 'm.room.name');
  const roomName = nameIn(name);
  return { person, password, recoveryKey, roomId, roomName, bot, monitoring, stack };
};

const nameIn = (content: unknown): string =>
  typeof content === 'object' && content !== null && 'name' in content ? String(content.name) : '';
