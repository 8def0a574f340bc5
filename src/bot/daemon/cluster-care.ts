import type { Dispatcher } from '../../commands/dispatcher.ts';
import { AppError } from '../../core/errors.ts';
import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import { diskSighting } from '../../ops/feed/disk-sighting.ts';
import { Feed, type FeedPace } from '../../ops/feed/feed.ts';
import type { Sighting } from '../../ops/feed/newsworthy.ts';
import { Healer, type HealerParts, type HealingSettings } from '../../ops/healing/healer.ts';
import { healingNotes, titleOf } from '../../ops/healing/notes.ts';
import { handBackDue, type HandedBack } from '../../ops/scale/hand-back.ts';
import { workloadOf } from '../../ops/scale/workload-key.ts';
import { rest, type Clock } from '../../platform/clock.ts';
import type { Settings } from '../../platform/config/schema.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { AuditDraft } from '../../platform/store/audit-entry.ts';
import { createHealingMemory } from '../../platform/store/healing.ts';
import { createIncidents } from '../../platform/store/incidents.ts';
import { postFeedMessage } from '../feed-message.ts';
import { announce } from '../message-content.ts';
import type { House } from './house.ts';

/** What looking after the cluster needs. */
export interface ClusterCareParts {
  readonly kubernetes: Kubernetes;
  readonly house: Pick<House, 'capabilities' | 'database' | 'outbox' | 'live'>;
  readonly dispatcher: Pick<Dispatcher, 'tryHold'>;
  readonly audit: { append(draft: AuditDraft): void };
  readonly clock: Clock;
  readonly log: Log;
  /** Null: there is none yet; then nothing is looked at. */
  readonly room: () => RoomId | null;
}

/** Between two looks at most, ms. */
const everyMs = 5000;
/** Measuring the disk need not be as often, ms. */
const seldomMs = 30_000;
/** See `FeedPace`. */
const settleMs = 15_000;
/** How long the API server may take for one thing that is done by itself, ms. */
const actMs = 15_000;

/**
 * Looks after the cluster as long as the bot runs: tells the room of troubles, heals what the config
 * lets it heal, and hands back what was scaled for a while. Ends with the signal.
 */
export async function careForCluster(parts: ClusterCareParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  const care = new ClusterCare(parts);
  let seldom = Number.NEGATIVE_INFINITY;
  while (!isOver(signal)) {
    try {
      if (clock.monotonic() - seldom >= seldomMs) {
        seldom = clock.monotonic();
        await care.measure(signal);
      }
      await care.look(signal);
    } catch (error) {
      // Whatever it is, the next look comes; what the end interrupts is no failure.
      if (!isOver(signal)) log.error({ err: error }, 'looking after the cluster failed');
    }
    await rest(clock, care.everyMs, signal);
  }
}

const isOver = (signal: AbortSignal): boolean => signal.aborted;

class ClusterCare {
  readonly #parts: ClusterCareParts;
  readonly #feed: Feed;
  readonly #healer: Healer;
  readonly #pace: FeedPace;
  #disk: readonly Sighting[] = [];
  /** Workloads whose hand-back failed and was told. */
  readonly #told = new Set<string>();

  constructor(parts: ClusterCareParts) {
    const { kubernetes: cluster, house, dispatcher, clock, log, audit } = parts;
    const { database, outbox, capabilities } = house;
    this.#parts = parts;
    this.#pace = paceOf(this.#settings);
    const transaction = (work: () => void): void => database.transaction(work);
    const memory = createHealingMemory(database);
    this.#feed = new Feed({
      ...{ cluster, clock, transaction, pace: this.#pace, incidents: createIncidents(database) },
      others: () => this.#disk,
      post: (message) => {
        const room = parts.room();
        if (room === null) return;
        const { language } = this.#settings;
        postFeedMessage(
          {
            ...{ outbox, room, language, release: cluster.release, now: clock.now() },
            redact: (text) => capabilities.logs.redaction.apply(text),
            notes: (incident) => healingNotes(memory, incident),
          },
          message,
        );
      },
    });
    const healer: HealerParts = {
      ...{ cluster, clock, log, memory, transaction, audit },
      settings: () => healingOf(this.#settings),
      // What `restart` and `scale` hold.
      hold: () => dispatcher.tryHold(['stack']),
      retell: (identity) => this.#feed.retell(identity),
      announceStop: ({ component: key }) => {
        const component = titleOf(key);
        this.#announce([
          { type: 'outcome', outcome: 'warning', text: say('healing.stopped', { component }) },
          { type: 'hint', text: say('healing.stopped.next', { component: key }) },
        ]);
      },
    };
    this.#healer = new Healer(healer);
  }

  get #settings(): Settings {
    return this.#parts.house.live.current.settings;
  }

  /** Between two looks, ms. */
  get everyMs(): number {
    return Math.min(everyMs, this.#pace.confirmMs / 4);
  }

  async look(signal: AbortSignal): Promise<void> {
    const { kubernetes, house, clock, room } = this.#parts;
    const { scales } = house.capabilities;
    for (const end of await handBackDue(kubernetes, scales, clock.now(), signal)) this.#tell(end);
    if (room() === null) return;
    const state = this.#feed.look();
    if (state === null) return;
    const isDiskFull = this.#disk.some(({ level }) => level === 'broken');
    const patience = AbortSignal.any([signal, AbortSignal.timeout(actMs)]);
    await this.#healer.look(state, isDiskFull, patience);
  }

  async measure(signal: AbortSignal): Promise<void> {
    const { house, log } = this.#parts;
    try {
      this.#disk = diskSighting(await house.capabilities.gauges.disk(signal));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.debug({ err: error }, 'the disk could not be measured');
    }
  }

  #tell(end: HandedBack): void {
    const { house, audit, clock, log } = this.#parts;
    const { workload, component, original } = end.scale;
    if (end.is === 'failed' && this.#told.has(workload)) return;
    if (end.is === 'failed') this.#told.add(workload);
    else this.#told.delete(workload);
    log.info({ workload, original, end: end.is }, 'handed back a number of pods');
    house.database.transaction(() => {
      audit.append({
        ...{ at: clock.now(), actor: 'urtc', event: null, job: null, decision: 'finished' },
        line: `scale ${component} ${original} (${workloadOf(workload).name})`,
        result: end.is === 'failed' ? end.problem.code : 'ok',
        durationMs: null,
      });
      this.#announce([nodeOf(end)]);
    });
  }

  /** Part of the caller's transaction. */
  #announce(nodes: readonly ReportNode[]): void {
    const { house, clock } = this.#parts;
    const room = this.#parts.room();
    if (room === null) return;
    for (const row of announce({ room, nodes, language: this.#settings.language })) {
      house.outbox.add(row, clock.now());
    }
  }
}

function paceOf({ kubernetes }: Settings): FeedPace {
  const { afterSeconds = 20, healedAfterSeconds = 60 } = kubernetes?.feed ?? {};
  return { confirmMs: afterSeconds * 1000, healMs: healedAfterSeconds * 1000, settleMs };
}

function healingOf({ healing }: Settings): HealingSettings {
  return { enabled: healing.enabled, afterMs: healing.afterSeconds * 1000 };
}

function nodeOf(end: HandedBack): ReportNode {
  const { component, original } = end.scale;
  if (end.is === 'failed') {
    const { code, params } = end.problem;
    const text = say('scale.hand-back-failed', { component, cause: say(code, params) });
    return { type: 'outcome', outcome: 'warning', text };
  }
  return {
    type: 'outcome',
    outcome: 'ok',
    text: say('scale.handed-back', { component, original }),
  };
}
