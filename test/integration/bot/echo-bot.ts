import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../../../src/core/roles.ts';
import { parseRoomId, parseUserId } from '../../../src/core/ids.ts';
import type { RoomId, UserId } from '../../../src/core/ids.ts';
import type { Log } from '../../../src/core/log.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { ChatParts } from '../../../src/bot/chat-parts.ts';
import { Chat } from '../../../src/bot/chat.ts';
import { connect } from '../../../src/bot/client/http-call.ts';
import { createCryptoApi } from '../../../src/bot/client/http-crypto-api.ts';
import { createMatrixApi } from '../../../src/bot/client/http-matrix-api.ts';
import { DeviceCrypto } from '../../../src/bot/daemon/device-crypto.ts';
import type { StrangerCommand } from '../../../src/bot/inbox/recorder.ts';
import { noticeContent, relationTo } from '../../../src/bot/message-content.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openDevice } from '../../../src/platform/store/device.ts';
import { SqliteLedger } from '../../../src/platform/store/ledger-store.ts';
import type { PendingInput } from '../../../src/platform/store/ledger.ts';
import { RecoveryKeySafe } from '../../../src/platform/store/recovery-key-safe.ts';
import { MasterKey } from '../../../src/platform/store/master-key.ts';
import { SqliteOutbox } from '../../../src/platform/store/outbox-store.ts';
import { openState } from '../../../src/platform/store/state.ts';
import type { Lab } from '../../lab/lab.ts';
import { bodyOf as labBodyOf } from '../../lab/event.ts';
import { register, type Account } from '../../lab/synapse/accounts.ts';
import { losePosition } from '../../lab/sync-position.ts';
import { within } from '../../lab/wait.ts';

/** A line that the bot logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What an echo bot is told. */
export interface EchoBotOptions {
  readonly lab: Lab;
  /** Default `create`. */
  readonly adminRoom?: string;
  /** Default: the lab's first person `alice` as admin. */
  readonly people?: readonly (readonly [string, Role])[];
  readonly account?: Account;
  /** Bots with the same name have the same files. */
  readonly name?: string;
  readonly over?: Partial<ChatParts>;
}

/** What an echo bot did, over all its lives. */
export interface Ran {
  readonly body: string;
  readonly input: PendingInput;
}

/**
 * The Matrix side of the bot with the simplest command there is: it repeats what it is told. So the
 * tests see how often and in which order inputs are handled, and nothing of jobs and commands.
 */
export class EchoBot {
  /** What was handled, over all lives of this bot. */
  readonly ran: Ran[] = [];
  readonly strangers: StrangerCommand[] = [];
  readonly log: LogLine[] = [];
  readonly self: UserId;
  readonly account: Account;
  readonly people = new Map<string, Role>();
  readonly #options: EchoBotOptions;
  readonly #folder: string;
  #life: Life | null = null;

  constructor(options: EchoBotOptions) {
    this.#options = options;
    const { lab, people, name = 'echo' } = options;
    for (const [user, role] of people ?? []) this.people.set(user, role);
    if (people === undefined) this.people.set(lab.person('alice').userId, 'admin');
    this.account = options.account ?? lab.botAccount;
    this.self = parseUserId(this.account.userId);
    this.#folder = join(lab.folder, name);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  get life(): Life {
    if (this.#life === null) throw new Error('this bot is not running');
    return this.#life;
  }

  get chat(): Chat {
    return this.life.chat;
  }

  get outbox(): SqliteOutbox {
    return this.life.outbox;
  }

  /** The bodies that were handled. */
  get bodies(): string[] {
    return this.ran.map(({ body }) => body);
  }

  /** Opens the files and begins to live. Does not wait for anything. */
  launch(over: Partial<ChatParts> = {}): Life {
    const { lab, adminRoom = 'create' } = this.#options;
    const database = openState(join(this.#folder, 'data'));
    const device = openDevice(join(this.#folder, 'data', 'device.sqlite'));
    const ledger = new SqliteLedger(database);
    const outbox = new SqliteOutbox(database);
    const homeserver = connect({
      url: lab.proxy.baseUrl,
      accessToken: new Secret(this.account.accessToken),
    });
    const api = createMatrixApi(homeserver);
    const masterKey = new MasterKey(new Secret(new Uint8Array(32).fill(7)));
    const crypto = new DeviceCrypto({
      ...{ api, database, device, self: this.self, clock: systemClock, log: this.#logger() },
      cryptoApi: createCryptoApi(homeserver, this.self),
      masterKey,
      safe: new RecoveryKeySafe({ database, masterKey, clock: systemClock, user: this.self }),
      onLost: (error) => {
        throw error;
      },
      desk: { attach: () => Promise.resolve(), detach: () => undefined },
      people: () => [],
    });
    const chat = new Chat({
      api,
      encryptAdminRoom: lab.isEncrypted,
      openCrypto: (surroundings) => crypto.open(surroundings),
      self: this.self,
      ...{ database, device, ledger, outbox, log: this.#logger(), clock: systemClock },
      people: {
        roleOf: (user) => this.people.get(user) ?? null,
        list: () => [...this.people].map(([user, role]) => ({ user: parseUserId(user), role })),
      },
      adminRoom: adminRoom === 'create' ? 'create' : parseRoomId(adminRoom),
      language: () => 'en',
      handle: (input) => {
        database.transaction(() => {
          ledger.markHandled(input.eventId);
          outbox.add(echoOf(input), Date.now());
        });
        this.ran.push({ body: bodyOf(input), input });
        return Promise.resolve();
      },
      onStranger: (command) => void this.strangers.push(command),
      onDistrust: () => undefined,
      ...this.#options.over,
      ...over,
    });
    const stop = new AbortController();
    const ended = chat.run(stop.signal);
    ended.catch(() => undefined);
    this.#life = {
      ...{ chat, outbox, ledger, ended, stop },
      close: async () => {
        stop.abort();
        await ended.catch(() => undefined);
        await crypto.close();
        database.close();
        device.close();
      },
    };
    return this.#life;
  }

  /** The same, and waits until the first sync is done. Returns the admin room. */
  async start(over: Partial<ChatParts> = {}): Promise<RoomId> {
    const { chat, ended } = this.launch(over);
    await within('the first sync', Promise.race([chat.sync.firstGood, ended]), 90_000);
    await chat.rooms.settled();
    if (chat.rooms.admin === null) throw new Error('there is no admin room');
    return chat.rooms.admin;
  }

  /** Ends at once: nothing is flushed. */
  async stop(): Promise<void> {
    await this.#life?.close();
    this.#life = null;
  }

  /** It forgets up to where it has read. The bot must be stopped. */
  losePosition(): void {
    losePosition(join(this.#folder, 'data', 'device.sqlite'));
  }

  /** All of `state.sqlite` is lost, the keys are not. The bot must be stopped. */
  loseState(): void {
    for (const end of ['', '-wal', '-shm']) {
      rmSync(join(this.#folder, 'data', `state.sqlite${end}`), { force: true });
    }
  }

  /** Log lines with this message. */
  logged(message: string): LogLine[] {
    return this.log.filter((line) => line.message === message);
  }

  #logger(): Log {
    const at = (level: LogLine['level']) => (fields: object, message: string) => {
      this.log.push({ level, message, fields: { ...fields } });
    };
    const log: Log = {
      ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
      child: () => log,
    };
    return log;
  }
}

let accounts = 0;

/** A bot with an account of its own, in its room together with alice, who has asked `!first`. */
export async function meetBot(
  lab: Lab,
  options: Omit<EchoBotOptions, 'lab' | 'account' | 'name'> = {},
): Promise<{ bot: EchoBot; room: RoomId }> {
  accounts += 1;
  const name = `echo${accounts}`;
  const account = await register(lab.synapse.baseUrl, { localpart: name });
  const bot = new EchoBot({ lab, account, name, ...options });
  const room = await bot.start();
  const alice = lab.person('alice');
  await alice.invitation(room);
  await alice.join(room);
  await alice.ask(room, '!first');
  await bot.chat.flush(60_000);
  return { bot, room };
}

/** What the bot said that it ran, in the order in which the room has it. */
export async function answersIn(lab: Lab, room: string, bot: EchoBot): Promise<string[]> {
  const events = await lab.person('alice').messages(room);
  const said = events.filter((event) => event.sender === bot.self).map(labBodyOf);
  return said.filter((text) => text.startsWith('ran ')).map((text) => text.slice(4));
}

/** One life of an echo bot. */
export interface Life {
  readonly chat: Chat;
  readonly outbox: SqliteOutbox;
  readonly ledger: SqliteLedger;
  /** Rejects when the bot can't go on. */
  readonly ended: Promise<void>;
  readonly stop: AbortController;
  close(): Promise<void>;
}

function bodyOf({ input }: PendingInput): string {
  return input.kind === 'message' ? input.body : input.kind;
}

function echoOf(input: PendingInput) {
  const body = `ran ${bodyOf(input)}`;
  const thread = input.input.kind === 'message' ? (input.input.thread ?? null) : null;
  return {
    room: input.roomId,
    lane: input.eventId,
    priority: 'answer',
    body: {
      kind: 'event',
      eventType: 'm.room.message',
      content: noticeContent(
        { body, formattedBody: body },
        {
          'm.relates_to': relationTo({ event: input.eventId, thread }),
          'io.urtc.final': true,
          'io.urtc.outcome': 'ok',
        },
      ),
    },
  } as const;
}
