import { rest } from '../platform/clock.ts';
import { randomUUID } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import type { JobId, UserId } from '../core/ids.ts';
import type { Outcome } from '../core/report.ts';
import type { Language } from '../core/words/index.ts';
import type { Job } from '../platform/store/jobs.ts';
import type { PendingInput } from '../platform/store/ledger.ts';
import type { Actor } from './actor.ts';
import { actorName } from './actor-name.ts';
import { Questions } from './confirm/questions.ts';
import { RoomAnswers } from './confirm/room-answers.ts';
import { arrive } from './intake.ts';
import { Board } from './jobs/board.ts';
import type { Desk } from './jobs/desk.ts';
import { auditStranger } from './jobs/finish.ts';
import type { OpenJob } from './jobs/open-job.ts';
import { recover } from './jobs/recovery.ts';
import { ResourceLocks } from './jobs/resource-locks.ts';
import { Shutdown } from './jobs/shutdown.ts';
import { Slots } from './jobs/slots.ts';
import { endByError, work } from './jobs/work.ts';
import { ownText } from './parse/own-text.ts';
import { isCommandLine, parseLine, parseWords } from './parse/parse.ts';
import { defaultLimits, type DispatcherParts } from './parts.ts';
import type { Surface } from './surface.ts';

/** A command line from the terminal: argv without program and global flags. */
export interface Submission {
  readonly words: readonly string[];
  readonly actor: Actor & { readonly kind: 'local' };
  readonly language: Language;
  /** Consent was given with the line. */
  readonly yes: boolean;
  /** Whether there is somebody who can be asked. */
  readonly interactive: boolean;
  readonly surface: Surface;
}

/** The way of every command, from a room or a terminal, to its answer. */
export interface Dispatcher {
  /** Jobs, for `jobs` and `cancel` and for whoever shows them. */
  readonly board: Board;
  /**
   * Takes what a person did in a room. Resolves once it is safe in the store, answered or not; does
   * not wait for its job. Rejects with `E_SHUTTING_DOWN` or what the store throws: then it is not
   * handled and may be given again.
   */
  handle(input: PendingInput): Promise<void>;
  /** Runs a command of the terminal to its end. Rejects with `E_SHUTTING_DOWN` or what the store throws. */
  submit(submission: Submission): Promise<{ readonly job: Job; readonly outcome: Outcome }>;
  /**
   * Answers a job's question with its code; the job's answer goes where the command came from.
   * Throws `E_CONFIRM_EXPIRED`, `E_CONFIRM_WRONG_PERSON`, `E_CONFIRM_WRONG_CODE`.
   */
  confirm(job: JobId, actor: Actor, code: string): void;
  /** Takes back what this person was asked: the codes may be known to whom the person no longer is. */
  withdrawQuestions(person: UserId): void;
  /** Throws like `JobBoard.cancel`. */
  cancel(job: JobId, actor: Actor): void;
  /**
   * Takes resources that commands hold while they run, for what the bot does by itself; returns the
   * function that gives them back. Null: a command holds or awaits one of them, or the bot is ending.
   */
  tryHold(resources: readonly string[]): (() => void) | null;
  /** Takes up what the last process left. Once, before anything is handled. */
  recover(): void;
  /**
   * Takes in nothing more, lets running steps end for `graceMs`, then tells them to stop. What is not
   * finished by then stays in the store and is settled at the next start.
   */
  drain(graceMs: number): Promise<void>;
}

/** Puts the parts together. */
export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const limits = { ...defaultLimits, ...parts.limits };
  const desk: Desk = {
    parts,
    capabilities: {
      ...parts.capabilities,
      get jobs() {
        return board;
      },
    },
    limits,
    locks: new ResourceLocks(),
    changes: new Slots(limits.changes),
    reads: new Slots(limits.reads),
    open: new Map(),
    active: new Set(),
    shutdown: new Shutdown(),
    ask: (open, plan, reason) => questions.ask(open, plan, reason),
  };
  const questions = new Questions(desk);
  const answers = new RoomAnswers(desk, questions);
  const board = new Board(desk, questions);

  return {
    board,
    handle: async (input) => {
      desk.shutdown.assertOpen();
      const does = input.input;
      if (does.kind === 'reaction') answers.reaction(input, does);
      else if (does.kind === 'redaction') answers.redaction(input, does);
      else {
        const text = ownText(does.body);
        const thread = does.thread ?? null;
        if (isCommandLine(text)) await takeCommand(desk, input, text, thread);
        else answers.message(input, { text, replyTo: does.replyTo ?? null, thread });
      }
    },
    submit: async ({ words, actor, language, yes, interactive, surface }) => {
      desk.shutdown.assertOpen();
      const open = arrive(
        desk,
        {
          origin: { surface: 'terminal', session: randomUUID(), login: actor.login },
          rank: actor.rank,
          language,
          surface,
          stale: false,
          yes,
          parse: () => parseWords(parts.registry, words),
          words,
        },
        { mayAsk: interactive },
      );
      // What is wrong with a command is told before consent is asked, except where planning it begins
      // something with others.
      const { command = null } = open.invocation ?? {};
      const begins =
        command !== null && command.effect !== 'read' && command.declined !== undefined;
      if (open.draft.consent === 'needed' && !interactive && begins) {
        endByError(desk, open, new AppError('E_CONFIRM_NO_TTY', { command: open.draft.command }));
      } else await begin(desk, open);
      const job = await open.ended;
      return { job, outcome: job.outcome ?? 'unknown' };
    },
    confirm: (job, actor, code) => {
      const question = questions.ofJob(job);
      if (question === null) throw new AppError('E_CONFIRM_EXPIRED');
      questions.answer(question, actorName(actor), code, null);
    },
    withdrawQuestions: (person) => questions.withdraw(person),
    cancel: (job, actor) => board.cancel(job, actor),
    tryHold: (resources) =>
      desk.shutdown.draining.aborted ? null : desk.locks.tryAcquire(resources),
    recover: () => recover(desk, questions),
    drain: (graceMs) => drain(desk, graceMs),
  };
}

async function takeCommand(
  desk: Desk,
  input: PendingInput,
  text: string,
  thread: PendingInput['eventId'] | null,
): Promise<void> {
  const { parts } = desk;
  const { people, clock } = parts.capabilities;
  const { sender, roomId: room, eventId: event } = input;
  const rank = people.roleOf(sender);
  if (rank === null) {
    auditStranger(desk, input);
    return;
  }
  const age = input.ageMs + Math.max(0, clock.now() - input.recordedAt);
  const open = arrive(
    desk,
    {
      origin: { surface: 'room', room, event, thread, sender },
      rank,
      language: people.languageOf(sender),
      surface: parts.room,
      stale: age > parts.policy().staleAfterMs,
      yes: false,
      parse: () => parseLine(parts.registry, text),
      words: text.replace(/^\s*[!！]\s*/u, '').split(/\s+/u, 2),
    },
    { event },
  );
  await begin(desk, open);
}

/**
 * Starts the work and returns once the job is in the store. An answer that is ready at once is
 * written together with it; after a moment the job is written as it stands, so that the next input
 * does not wait for this one's work.
 */
async function begin(desk: Desk, open: OpenJob): Promise<void> {
  const { clock } = desk.parts.capabilities;
  void work(desk, open);
  const over = new AbortController();
  const moment = rest(clock, desk.limits.inlineMs, over.signal);
  await Promise.race([open.written, moment]);
  over.abort();
  if (open.record !== null) return;
  const state = open.invocation?.command.effect === 'read' ? 'running' : 'queued';
  try {
    open.write((job) => desk.parts.jobs.transition(job, { state }, clock.now()));
  } catch (error) {
    open.leave(error);
    throw error;
  }
}

async function drain(desk: Desk, graceMs: number): Promise<void> {
  const { shutdown, limits } = desk;
  const { clock } = desk.parts.capabilities;
  const within = async (ms: number): Promise<void> => {
    const over = new AbortController();
    const late = rest(clock, ms, over.signal);
    await Promise.race([Promise.all(desk.active), late]);
    over.abort();
  };
  shutdown.begin();
  await within(graceMs);
  shutdown.hurry();
  await within(limits.patienceMs * 2);
  shutdown.close();
  for (const open of desk.open.values()) open.leave(new AppError('E_SHUTTING_DOWN'));
}
