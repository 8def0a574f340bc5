import { join } from 'node:path';
import { WatchedAudit } from '../../../../src/bot/daemon/watched-audit.ts';
import { createDispatcher, type Dispatcher } from '../../../../src/commands/dispatcher.ts';
import type { Actor, Role } from '../../../../src/commands/actor.ts';
import type {
  BotHealth,
  Capabilities,
  ConfigControl,
  People,
} from '../../../../src/commands/capabilities.ts';
import { indexCommands } from '../../../../src/commands/command-index.ts';
import type { Command } from '../../../../src/commands/command.ts';
import { cancel } from '../../../../src/commands/nouns/cancel.ts';
import { jobs as jobsCommand } from '../../../../src/commands/nouns/jobs.ts';
import type { Limits, Permissions } from '../../../../src/commands/parts.ts';
import { createPermissions } from '../../../../src/commands/permissions.ts';
import {
  parseEventId,
  parseLocalpart,
  parseRoomId,
  parseUserId,
  type EventId,
  type UserId,
} from '../../../../src/core/ids.ts';
import type { Log } from '../../../../src/core/log.ts';
import { Secret } from '../../../../src/core/secret.ts';
import { systemClock, type Clock } from '../../../../src/platform/clock.ts';
import { AuditChain } from '../../../../src/platform/store/audit-chain.ts';
import { ConfirmationStore } from '../../../../src/platform/store/confirmations.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { createErrorLog } from '../../../../src/platform/store/error-log.ts';
import { JobStore, type JobRecord } from '../../../../src/platform/store/jobs.ts';
import type { RoomInput } from '../../../../src/platform/store/ledger.ts';
import { SqliteLedger } from '../../../../src/platform/store/ledger-store.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { createPeopleStore } from '../../../../src/platform/store/people.ts';
import { createSealedSecrets } from '../../../../src/platform/store/sealed-secrets.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { createTokenNotes } from '../../../../src/platform/store/token-notes.ts';
import { testMasterKey } from '../../platform/store/state-folder.ts';
import { FakeDirectory, FakeTokens } from '../nouns/fake-home.ts';
import { alertParts } from './alert-parts.ts';
import { clusterParts } from './cluster-parts.ts';
import { RecordingRoom, type Answer } from './recording-room.ts';
import { Target } from './target.ts';
import { things } from './things.ts';

export const room = parseRoomId('!admin:x.org');
export const anna = parseUserId('@anna:x.org');
export const otto = parseUserId('@otto:x.org');
export const vera = parseUserId('@vera:x.org');
export const stranger = parseUserId('@stranger:x.org');

export interface WorldOptions {
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  readonly commands?: readonly Command[];
  readonly trusted?: boolean;
  readonly staleAfterMs?: number;
  /** Called at each commit and effect; throwing there is the death of the process. */
  readonly point?: (what: string) => void;
  readonly permissions?: Permissions;
}

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

type Snapshot = Awaited<ReturnType<BotHealth['snapshot']>>;

let events = 0;

/** The product from the ledger to the outbox on a real store; only the target is made up. */
export class World {
  readonly folder: string;
  readonly database: Database;
  readonly ledger: SqliteLedger;
  readonly outbox: SqliteOutbox;
  readonly jobs: JobStore;
  readonly confirmations: ConfirmationStore;
  readonly audit: AuditChain;
  readonly target: Target;
  readonly users: FakeDirectory;
  readonly room: RecordingRoom;
  readonly dispatcher: Dispatcher;
  readonly roles = new Map<UserId, Role>([
    [anna, 'admin'],
    [otto, 'operator'],
    [vera, 'viewer'],
  ]);
  readonly clock: Clock;
  /** How often a transaction was committed. */
  commits = 0;
  trusted: boolean;
  full: (() => never) | null = null;
  /** What `status` finds otherwise than when all is well. */
  health: Partial<Snapshot> = {};
  /** What reading the config again comes to, and whether a bot works with it. */
  readonly config: { -readonly [Part in keyof ConfigControl]: ConfigControl[Part] } = {
    isRunning: true,
    redacted: () => 'homeserver:\n  url: http://127.0.0.1:1\nkey: "[secret]"\n',
    reload: () =>
      Promise.resolve({
        ...{ file: '/u.yaml', isRunning: true, changed: ['people'], needsRestart: ['http.port'] },
      }),
  };

  constructor(folder: string, options: WorldOptions = {}) {
    this.folder = folder;
    this.clock = options.clock ?? systemClock;
    this.trusted = options.trusted ?? false;
    const database = stateIn(folder);
    this.database = database;
    this.ledger = new SqliteLedger(database);
    this.outbox = new SqliteOutbox(database);
    this.jobs = new JobStore(database);
    this.confirmations = new ConfirmationStore(database);
    this.audit = new AuditChain(database, testMasterKey());
    this.target = new Target(join(folder, 'target'));
    this.users = new FakeDirectory(this.clock, 'x.org');
    this.room = new RecordingRoom(this.outbox, this.clock);
    const registry = indexCommands([
      ...things(this.target),
      jobsCommand,
      cancel,
      ...(options.commands ?? []),
    ]);
    const people = this.#people(createPeopleStore(database));
    const { point = () => undefined } = options;
    if (options.point !== undefined) {
      const at = (when: string) => (effect: string) => {
        point(`${when} ${effect}`);
        return Promise.resolve();
      };
      this.target.before = at('before');
      this.target.after = at('after');
    }
    let depth = 0;
    this.dispatcher = createDispatcher({
      registry,
      permissions:
        options.permissions ??
        createPermissions({
          overrides: () => new Map(),
          people,
          users: this.users,
          botUser: parseUserId('@bot:x.org'),
          serverName: 'x.org',
        }),
      capabilities: this.#capabilities(people, registry),
      database: {
        transaction: (work) => {
          const outer = depth === 0;
          if (outer) point('before commit');
          depth += 1;
          try {
            return database.transaction(work);
          } finally {
            depth -= 1;
            if (outer) this.commits += 1;
            if (outer) point('after commit');
          }
        },
      },
      jobs: this.jobs,
      confirmations: this.confirmations,
      ledger: this.ledger,
      outbox: this.outbox,
      audit: this.audit,
      storage: { assertWritable: () => this.full?.() },
      room: this.room,
      policy: () => ({
        confirmationTtlMs: 300_000,
        staleAfterMs: options.staleAfterMs ?? 300_000,
        reactionsTrusted: () => this.trusted,
      }),
      log: silentLog,
      limits: { inlineMs: 200, patienceMs: 200, ...options.limits },
    });
  }

  #people(store: ReturnType<typeof createPeopleStore>): People {
    return {
      roleOf: (user) => this.roles.get(user) ?? null,
      roleOfAccount: (localpart) =>
        this.roles.get(parseUserId(`@${parseLocalpart(localpart)}:x.org`)) ?? null,
      adminCount: () => [...this.roles.values()].filter((role) => role === 'admin').length,
      list: () => [...this.roles].map(([user, role]) => ({ user, role })),
      languageOf: (user) => store.languageOf(user) ?? 'en',
      setLanguage: (user, language) => store.setLanguage(user, language),
    };
  }

  #capabilities(
    people: People,
    registry: Capabilities['registry'],
  ): Omit<Capabilities, 'jobs' | 'speech'> {
    const { database, clock } = this;
    const key = testMasterKey();
    return {
      ...{ clock, registry },
      ...clusterParts(database),
      ...{ people, users: this.users, registrationTokens: new FakeTokens() },
      ...{ tokenNotes: createTokenNotes(database, key), audit: new WatchedAudit(this.audit, null) },
      sealedSecrets: createSealedSecrets(database, key, clock),
      errors: createErrorLog({ database, clock, log: silentLog, mask: (text) => text }),
      health: {
        snapshot: () =>
          Promise.resolve<Snapshot>({
            ...{ version: '1.2.3', startedAt: clock.now() - 60_000 },
            homeserver: {
              ...{ url: 'http://127.0.0.1:1', reachable: true, version: '1.163.0' },
              adminProblem: null,
            },
            auditFault: null,
            lastSyncAt: clock.now() - 1000,
            ...{ inboxPending: 0, outbox: { queued: 2, oldestAgeMs: 500 } },
            ...{ recoveryKey: { state: 'none' }, keysLost: false },
            store: { bytes: 4096, freeBytes: 1_000_000, writable: true },
            ...this.health,
          }),
      },
      ...alertParts(database, clock),
      botIdentity: {
        snapshot: () => Promise.reject(new Error('nobody asks for that here')),
        ...{ people: () => [], person: () => null, approve: () => Promise.resolve(false) },
        showRecoveryKey: () => new Secret('EsTc'),
        recoveryKeyMadeAt: () => null,
        replaceRecoveryKey: () => Promise.resolve(),
        verification: null,
      },
      config: this.config,
      identity: { version: '1.2.3', botUser: parseUserId('@bot:x.org'), serverName: 'x.org' },
    };
  }

  /** An event of the room: recorded, then handled. Resolves with its id once it is handled. */
  async does(
    sender: UserId,
    input: RoomInput,
    { ageMs = 0, id = `$event${(events += 1)}` }: { ageMs?: number; id?: string } = {},
  ): Promise<EventId> {
    const eventId = parseEventId(id);
    const event = { eventId, roomId: room, sender, input, ageMs };
    this.ledger.record([event], this.clock.now());
    for (const pending of this.ledger.pending(100)) {
      if (pending.eventId === eventId) await this.dispatcher.handle(pending);
    }
    return eventId;
  }

  /** Handles what is recorded and not handled, as at a start. */
  async redeliver(): Promise<void> {
    for (const pending of this.ledger.pending(100)) await this.dispatcher.handle(pending);
  }

  says(sender: UserId, body: string, ageMs = 0): Promise<EventId> {
    return this.does(sender, { kind: 'message', body }, { ageMs });
  }

  /** The final answer to this event; waits for it. */
  async answerTo(event: EventId): Promise<Answer> {
    return this.eventually(() => this.answers().find((each) => each.to === event) ?? null);
  }

  /** Sends a command and waits for its final answer. */
  async ask(sender: UserId, body: string, ageMs = 0): Promise<Answer> {
    return this.answerTo(await this.says(sender, body, ageMs));
  }

  answers(): readonly Answer[] {
    return this.room.answers(this.database);
  }

  /** The open question, sent to the room: its code, its event, its job. */
  async question(): Promise<{
    readonly code: string;
    readonly prompt: EventId;
    readonly job: JobRecord;
  }> {
    const question = await this.eventually(() => this.confirmations.open().at(-1) ?? null);
    const { prompt } = question;
    if (prompt === null) throw new Error('the question is not in the outbox');
    const event = parseEventId(`$sent-${prompt}`);
    if (this.outbox.eventOf(prompt) === null) {
      this.outbox.markSent(prompt, event, this.clock.now());
    }
    const job = this.jobs.get(question.job);
    if (job === null) throw new Error('the question has no job');
    return { code: question.code, prompt: event, job };
  }

  /** Waits until `look` finds something; fails after 25 s. */
  async eventually<Found>(look: () => Found | null): Promise<Found> {
    const deadline = performance.now() + 25_000;
    for (;;) {
      const found = look();
      if (found !== null) return found;
      if (performance.now() > deadline) throw new Error(`in vain: ${look.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Waits until no job is under way (questions may be open). */
  async idle(): Promise<void> {
    await this.eventually(() =>
      this.jobs.unfinished().every((job) => job.state === 'waiting') ? true : null,
    );
  }

  /** From now on no audit line can be written. */
  breakAudit(): void {
    this.database.script(
      "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
  }

  decisions(): readonly string[] {
    return [...this.audit.list({ limit: 100 })]
      .reverse()
      .map((line) => `${line.decision} ${line.result}`);
  }

  close(): void {
    this.database.close();
  }
}

/** A local actor. */
export function local(rank: Actor['rank'], login = 'root'): Actor & { kind: 'local' } {
  return { kind: 'local', login, rank };
}
