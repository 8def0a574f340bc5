import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/errors.ts';
import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { version } from '../../core/version.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import type { Chat } from '../chat.ts';
import type { Alerts } from './alerts.ts';
import type { House } from './house.ts';
import { createHealthServer } from './http.ts';
import { explain } from './logged-problem.ts';
import { createMetrics } from './metrics.ts';
import { createNotify, type Notify } from './notify.ts';
import { Readiness } from './readiness.ts';
import { countUndelivered } from './undelivered.ts';

/** What a bot is observed by. */
export interface ObservationParts {
  readonly config: Config;
  readonly house: House;
  readonly chat: Pick<Chat, 'sync' | 'counts'> & {
    readonly rooms: { readonly admin: RoomId | null };
  };
  /** Null: the bot takes none. */
  readonly alerts: Alerts | null;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the bot, ms since the epoch. */
  readonly startedAt: number;
}

/** How a bot does its work, for those outside who ask and those who are to be told. */
export interface Observation {
  readonly readiness: Readiness;
  /** Null: the config names no way out that needs no Matrix. */
  readonly notify: Notify | null;
  /** `/livez`, `/readyz` and `/metrics`; it does not listen yet. */
  readonly http: FastifyInstance;
}

/** Composes it. Nothing of it runs yet. */
export function observe(parts: ObservationParts): Observation {
  const { config, house, chat, alerts, clock, log, startedAt } = parts;
  const { adminAccess, outbox } = house;
  const language = () => house.live.current.settings.language;
  const readiness = new Readiness({
    syncAgeMs: () => chat.sync.ageMs,
    admin: () => {
      const { problem } = adminAccess;
      const text = problem instanceof AppError ? explain(problem, language()).text : null;
      return { asked: problem !== 'unasked', problem: text };
    },
    auditProblem: () => house.watchedAudit.problem(language()),
  });
  const notify = createNotify({
    ...{ config, house, clock, log, alerts },
    room: () => chat.rooms.admin,
    syncAgeMs: () => chat.sync.ageMs,
    problems: () => readiness.problems().map(({ part }) => part),
  });
  const metrics = createMetrics({
    version,
    startedAt,
    ready: () => readiness.problems().length === 0,
    adminApiAccepted: () => adminAccess.problem === null,
    auditTrusted: () => house.watchedAudit.fault === null,
    lastSyncAt: () => chat.sync.lastGoodAt,
    inboxPending: () => house.ledger.pendingCount(),
    events: () => chat.counts,
    outbox: () => outbox.depth(clock.now()),
    jobsUnfinished: () => house.jobs.unfinished().length,
    store: () => house.storage.usage(),
    alerts: () => alerts?.figures() ?? null,
    notify: () => notify?.figures() ?? null,
    ended: () => outbox.ended,
    silencesMade: () => house.alertBoard.silencesMade,
  });
  const http = createHealthServer({
    notReady: () => readiness.problems(),
    undelivered: countUndelivered({ clock, outbox, alerts, notify }),
    metrics: () => metrics.text(),
  });
  return { readiness, notify, http };
}
