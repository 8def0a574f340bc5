import type { RoomId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { digestWords } from '../../ops/notify/digest-words.ts';
import { Heartbeat } from '../../ops/notify/heartbeat.ts';
import { matrixHeads } from '../../ops/notify/matrix-heads.ts';
import { MatrixWatch } from '../../ops/notify/matrix-watch.ts';
import { OutOfBand } from '../../ops/notify/out-of-band.ts';
import { readUnheard } from '../../ops/notify/unheard.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import { AlertPosts } from '../../platform/store/alert-posts.ts';
import { NotifyTroubles } from '../../platform/store/notify-troubles.ts';
import { OutboxWatch } from '../../platform/store/outbox-watch.ts';
import type { Alerts } from './alerts.ts';
import type { House } from './house.ts';

/** What telling people out of band is made of. */
export interface NotifyParts {
  readonly config: Config;
  readonly house: House;
  readonly clock: Clock;
  readonly log: Log;
  /** Null: the bot takes none. */
  readonly alerts: Pick<Alerts, 'watchdog'> | null;
  /** The admin room, the last place for what can be told nowhere else; null: not known yet. */
  readonly room: () => RoomId | null;
  /** See `SyncLoop.ageMs`. */
  readonly syncAgeMs: () => number | null;
  /** Names of the parts that do not do their work. */
  readonly problems: () => readonly string[];
}

/** For the metrics. */
export interface NotifyFigures {
  readonly sent: number;
  readonly failed: number;
  /** Whether something is to be told that no channel has taken yet. */
  readonly pending: boolean;
  /** Whether Matrix is believed to take nothing. */
  readonly matrixOut: boolean;
  readonly heartbeatsSent: number;
  readonly heartbeatsFailed: number;
}

/** The bot's ways out that need no Matrix. */
export interface Notify {
  /** Until aborted. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  figures(): NotifyFigures;
}

/** Between two beginnings that people are told of, ms: a server that comes and goes is no flood. */
const gapMs = 30 * 60_000;
const longestLookMs = 10_000;

/** Null: the config has no section `notify`. */
export function createNotify(parts: NotifyParts): Notify | null {
  const { config, house, clock, log, alerts, room, syncAgeMs, problems } = parts;
  const { notify } = config;
  if (notify === null) return null;
  const { database, alertIncidents: incidents, channels } = house;
  const { afterMs, remindMs } = notify;
  const posts = new AlertPosts(database);
  const outbox = new OutboxWatch(database);
  const heads = () => matrixHeads({ outbox, posts }, room());
  const watch = new MatrixWatch({ clock, heads, syncAgeMs, afterMs });
  const redact = (text: string): string => house.capabilities.logs.redaction.apply(text);
  const outOfBand: OutOfBand = new OutOfBand({
    ...{ channels, clock, log, times: { remindMs, gapMs: Math.min(gapMs, 6 * afterMs) } },
    troubles: new NotifyTroubles(database),
    everyMs: Math.min(longestLookMs, afterMs / 10),
    look: () => ({
      matrix: watch.look(),
      watchdog: alerts?.watchdog.sight(outOfBand.isOpen('matrix'), afterMs) ?? {
        ...{ sight: 'good', forMs: 0 },
      },
    }),
    write: (due) => {
      const now = clock.now();
      const matrix = due.find(({ trouble }) => trouble.subject === 'matrix')?.trouble;
      const view = {
        ...{ server: house.capabilities.identity.serverName, now },
        unheard: readUnheard({ outbox, incidents, posts }, now),
        delivered: matrix === undefined ? 0 : outbox.sent(matrix.since, now),
        watchdogSeenAt: alerts?.watchdog.seenAt() ?? null,
      };
      const { title, lines } = digestWords(due, view, house.live.current.settings.language);
      return { title: redact(title), lines: lines.map(redact) };
    },
  });
  const heartbeat =
    notify.heartbeat === null
      ? null
      : new Heartbeat({
          ...{ config: notify.heartbeat, clock, log, patienceMs: afterMs },
          problems: () => [...problems(), ...(outOfBand.isOpen('matrix') ? ['matrix'] : [])],
        });
  return {
    run: async (signal) => {
      await Promise.all([outOfBand.run(signal), heartbeat?.run(signal)]);
    },
    figures: () => ({
      ...outOfBand.counts,
      pending: outOfBand.isPending,
      matrixOut: outOfBand.isOpen('matrix'),
      heartbeatsSent: heartbeat?.counts.sent ?? 0,
      heartbeatsFailed: heartbeat?.counts.failed ?? 0,
    }),
  };
}
