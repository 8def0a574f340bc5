import { AppError } from '../../core/errors.ts';
import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import type { Language } from '../../core/words/index.ts';
import type { LogDesk } from '../../ops/logs/log-desk.ts';
import { diskSighting } from '../../ops/feed/disk-sighting.ts';
import { Feed } from '../../ops/feed/feed.ts';
import type { Sighting } from '../../ops/feed/newsworthy.ts';
import type { Gauges } from '../../ops/gauges/gauges.ts';
import { handBackDue, type HandedBack } from '../../ops/scale/hand-back.ts';
import { workloadOf } from '../../ops/scale/workload-key.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { AuditDraft } from '../../platform/store/audit-entry.ts';
import type { Database } from '../../platform/store/database.ts';
import { createIncidents } from '../../platform/store/incidents.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { TemporaryScales } from '../../platform/store/temporary-scales.ts';
import { postFeedMessage } from '../feed-message.ts';
import { announce } from '../message-content.ts';

/** What looking after the cluster needs. */
export interface ClusterCareParts {
  readonly kubernetes: Kubernetes;
  readonly gauges: Pick<Gauges, 'disk'>;
  readonly logs: LogDesk;
  readonly scales: TemporaryScales;
  readonly database: Database;
  readonly outbox: SqliteOutbox;
  readonly audit: { append(draft: AuditDraft): void };
  readonly clock: Clock;
  readonly log: Log;
  readonly language: () => Language;
  /** Null: there is none yet; then nothing is looked at. */
  readonly room: () => RoomId | null;
}

/** Between two looks, ms. */
const everyMs = 5000;
/** Measuring the disk and handing back need not be as often, ms. */
const seldomMs = 30_000;

/**
 * Looks after the cluster as long as the bot runs: tells the room of troubles, and hands back what
 * was scaled for a while. Ends with the signal.
 */
export async function careForCluster(parts: ClusterCareParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  const care = new ClusterCare(parts);
  let seldom = Number.NEGATIVE_INFINITY;
  while (!isOver(signal)) {
    try {
      if (clock.monotonic() - seldom >= seldomMs) {
        seldom = clock.monotonic();
        await care.seldom(signal);
      }
      care.look();
    } catch (error) {
      // Whatever it is, the next look comes; what the end interrupts is no failure.
      if (!isOver(signal)) log.error({ err: error }, 'looking after the cluster failed');
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

const isOver = (signal: AbortSignal): boolean => signal.aborted;

class ClusterCare {
  readonly #parts: ClusterCareParts;
  readonly #feed: Feed;
  #disk: readonly Sighting[] = [];
  /** Workloads whose hand-back failed and was told. */
  readonly #told = new Set<string>();

  constructor(parts: ClusterCareParts) {
    const { kubernetes: cluster, clock, database } = parts;
    this.#parts = parts;
    this.#feed = new Feed({
      ...{ cluster, clock, incidents: createIncidents(database) },
      others: () => this.#disk,
      transaction: (work) => database.transaction(work),
      post: (message) => {
        const { outbox, logs, language } = parts;
        const room = parts.room();
        if (room === null) return;
        postFeedMessage(
          {
            ...{ outbox, room, language: language(), release: cluster.release, now: clock.now() },
            redact: (text) => logs.redaction.apply(text),
          },
          message,
        );
      },
    });
  }

  look(): void {
    if (this.#parts.room() !== null) this.#feed.look();
  }

  async seldom(signal: AbortSignal): Promise<void> {
    const { kubernetes, scales, gauges, clock, log } = this.#parts;
    for (const end of await handBackDue(kubernetes, scales, clock.now(), signal)) this.#tell(end);
    try {
      this.#disk = diskSighting(await gauges.disk(signal));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      log.debug({ err: error }, 'the disk could not be measured');
    }
  }

  #tell(end: HandedBack): void {
    const { database, audit, outbox, clock, log, language, room } = this.#parts;
    const { workload, component, original } = end.scale;
    if (end.is === 'failed' && this.#told.has(workload)) return;
    if (end.is === 'failed') this.#told.add(workload);
    else this.#told.delete(workload);
    const place = room();
    const now = clock.now();
    log.info({ workload, original, end: end.is }, 'handed back a number of pods');
    database.transaction(() => {
      audit.append({
        ...{ at: now, actor: 'urtc', event: null, job: null, decision: 'finished' },
        line: `scale ${component} ${original} (${workloadOf(workload).name})`,
        result: end.is === 'failed' ? end.problem.code : 'ok',
        durationMs: null,
      });
      if (place === null) return;
      const rows = announce({ room: place, nodes: [nodeOf(end)], language: language() });
      for (const row of rows) outbox.add(row, now);
    });
  }
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
