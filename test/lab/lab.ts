import { join } from 'node:path';
import { writeBotConfig, type BotConfig } from './bot-config.ts';
import { startBot, type BotProcess } from './bot-process.ts';
import type { Progress } from './cache.ts';
import { LabError } from './failure.ts';
import { Person } from './person.ts';
import { freePort } from './ports.ts';
import { startProxy, type FaultProxy } from './proxy.ts';
import { roomKind } from './room-kind.ts';
import { newRunFolder } from './run-folder.ts';
import { liftMessageLimit, register, type Account } from './synapse/accounts.ts';
import type { Limits } from './synapse/config.ts';
import { installSynapse } from './synapse/install.ts';
import { startSynapse, type SynapseServer } from './synapse/server.ts';

/** What a lab is like. */
export interface LabOptions {
  /** Of the run's folder: a word that tells whose it was. */
  readonly name: string;
  /** Default `off`. */
  readonly limits?: Limits;
  /** Localparts of the people who are there from the start. Default: `alice`. */
  readonly people?: readonly string[];
  /**
   * Whether the people have clients that encrypt, and make encrypted rooms, as the bots do then.
   * Default: as `URTC_LAB_ROOMS` says.
   */
  readonly encrypted?: boolean;
  readonly clockOffsetMs?: number;
  readonly progress?: Progress;
}

/** A bot to start. */
export interface LabBotOptions {
  /** Who may command it. Default: all of the lab's people from the start, as `admin`. */
  readonly people?: BotConfig['people'];
  /** Whole top-level settings, put over the lab's. */
  readonly settings?: BotConfig['settings'];
  /** Bots with the same name share config, secrets and data. Default `bot`. */
  readonly name?: string;
  /** Default: `Lab.botAccount` for the name `bot`, one of its own for every other name. */
  readonly account?: Account;
  readonly env?: NodeJS.ProcessEnv;
  /** Default true: returns when `/readyz` is 200. */
  readonly waitReady?: boolean;
}

/** A home server with people, and all that a bot needs to live on it. */
export interface Lab {
  readonly folder: string;
  /** Whether the rooms that people and bots make here are encrypted. */
  readonly isEncrypted: boolean;
  readonly synapse: SynapseServer;
  /** Stands between the bot and the home server. People talk to the server directly. */
  readonly proxy: FaultProxy;
  /** A server administrator who watches no room. */
  readonly admin: Person;
  /** An ordinary account for the bot: its chat token has no server-admin rights. */
  readonly botAccount: Account;
  /** A server admin whose token only the bot's user port gets. */
  readonly botAdmin: Account;
  /** The people of `LabOptions.people`. @throws LabError for any other name. */
  person(localpart: string): Person;
  /** Registers one more person, who watches. `via`: another base URL than the home server's. */
  newPerson(localpart: string, via?: string): Promise<Person>;
  /** A private room of the first person's with these others in it. */
  room(name: string, members: readonly Person[]): Promise<string>;
  /** Writes the config of a bot in this lab and returns its path and HTTP address. */
  configureBot(options?: LabBotOptions): Promise<{ configFile: string; httpUrl: string }>;
  startBot(options?: LabBotOptions): Promise<BotProcess>;
  /** The people accept the bot's invitation to the admin room that it has made. */
  enterAdminRoom(...people: readonly Person[]): Promise<string>;
  /** Ends everything that it started. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a fresh home server with people, a proxy and accounts: about two seconds when warm. */
export const startLab = async (options: LabOptions): Promise<Lab> => {
  const { name, limits = 'off', people = ['alice'], clockOffsetMs = 0, progress } = options;
  // Loaded where it is needed: the SDK of Element costs a quarter of a second and some 40 MB.
  const isEncrypted = options.encrypted ?? roomKind() === 'encrypted';
  const kind = isEncrypted
    ? (await import('./encrypted/encrypted-person.ts')).EncryptedPerson
    : Person;
  const folder = newRunFolder(name);
  const { python } = await installSynapse(progress);
  const synapse = await startSynapse({
    ...{ limits, folder: join(folder, 'synapse'), clockOffsetMs, progress },
  });
  const { baseUrl } = synapse;
  const proxy = await startProxy(baseUrl);
  const bots: BotProcess[] = [];
  const watching: Person[] = [];
  const ports = new Map<string, number>();

  const admin = new Person(
    baseUrl,
    await register(baseUrl, { localpart: 'server-admin', admin: true }),
  );
  const newPerson = async (localpart: string, via = baseUrl): Promise<Person> => {
    const account = await register(baseUrl, { localpart });
    // The limit is there to be met by the bot.
    if (limits === 'default') {
      await liftMessageLimit(baseUrl, admin.account.accessToken, account.userId);
    }
    const person = await kind.watching(via, account);
    watching.push(person);
    return person;
  };
  const [botAccount, botAdmin, ...present] = await Promise.all([
    register(baseUrl, { localpart: 'urtc' }),
    register(baseUrl, { localpart: 'urtc-admin', admin: true }),
    ...people.map((localpart) => newPerson(localpart)),
  ]);
  const [first] = present;
  const accounts = new Map([['bot', botAccount]]);

  /** Keys belong to one folder: bots in two folders can't be one device, nor one account. */
  const accountFor = async (botName: string): Promise<Account> => {
    const account =
      accounts.get(botName) ?? (await register(baseUrl, { localpart: `urtc-${botName}` }));
    accounts.set(botName, account);
    return account;
  };
  const configureBot: Lab['configureBot'] = async (bot = {}) => {
    const { name: botName = 'bot', account = await accountFor(botName) } = bot;
    const httpPort = ports.get(botName) ?? (await freePort());
    ports.set(botName, httpPort);
    const configFile = writeBotConfig({
      folder: join(folder, botName),
      homeserverUrl: proxy.baseUrl,
      botUser: account.userId,
      botToken: account.accessToken,
      adminToken: botAdmin.accessToken,
      httpPort,
      people: bot.people ?? present.map((person) => ({ user: person.userId, role: 'admin' })),
      settings: { ...(isEncrypted ? {} : { encryptAdminRoom: false }), ...bot.settings },
    });
    return { configFile, httpUrl: `http://127.0.0.1:${httpPort}` };
  };
  const stop = async (): Promise<void> => {
    await Promise.all(bots.map((bot) => bot.kill9()));
    await synapse.kill();
    await Promise.all(watching.map((person) => person.stop()));
    await proxy.stop();
  };

  return {
    ...{
      folder,
      isEncrypted,
      synapse,
      proxy,
      admin,
      botAccount,
      botAdmin,
      newPerson,
      configureBot,
      stop,
    },
    person: (localpart) => {
      const found = present.find((person) => person.account.localpart === localpart);
      if (found === undefined) throw new LabError(`${localpart} is not in this lab from the start`);
      return found;
    },
    room: async (roomName, members) => {
      if (first === undefined) throw new LabError('a lab without people has nobody to make a room');
      const others = members.filter((member) => member !== first);
      const invite = others.map((member) => member.userId);
      const roomId = await first.createRoom({ name: roomName, invite });
      for (const member of others) await member.join(roomId);
      return roomId;
    },
    startBot: async (bot = {}) => {
      const started = startBot({ ...(await configureBot(bot)), python, env: bot.env ?? {} });
      bots.push(started);
      if (bot.waitReady !== false) await started.ready();
      return started;
    },
    enterAdminRoom: async (...entering) => {
      let roomId: string | undefined;
      for (const person of entering.length > 0 ? entering : present) {
        roomId = await person.invitation(roomId);
        await person.join(roomId);
      }
      if (roomId === undefined) throw new LabError('nobody to enter the admin room');
      return roomId;
    },
    [Symbol.asyncDispose]: stop,
  };
};
