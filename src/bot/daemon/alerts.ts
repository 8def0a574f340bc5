import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { EventId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { missedPosts } from '../../ops/alerts/missed.ts';
import { readNotification } from '../../ops/alerts/notification.ts';
import { Watchdog } from '../../ops/alerts/watchdog.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import { AlertWatchdog } from '../../platform/store/alert-watchdog.ts';
import { AlertLookups } from '../../platform/store/alert-lookups.ts';
import { AlertMessages } from '../../platform/store/alert-messages.ts';
import { AlertNews } from '../../platform/store/alert-news.ts';
import { AlertPosts } from '../../platform/store/alert-posts.ts';
import { systemReason } from '../../platform/system-failure.ts';
import { AlertFeed } from '../alerts/alert-feed.ts';
import { GroupCommit } from '../alerts/group-commit.ts';
import { createIntakeServer, type IntakeTls } from '../alerts/intake-server.ts';
import { WatchdogRoom } from '../alerts/watchdog-room.ts';
import { createAlertWitness } from './alert-witness.ts';
import {
  adminOf,
  createAlertsInRooms,
  type AlertPlaces,
  type AlertsInRooms,
} from './alerts-in-rooms.ts';
import type { House } from './house.ts';
import { listen } from './http.ts';

/** What the alerts of a bot are made of. */
export interface AlertsParts {
  readonly config: Config;
  readonly house: House;
  readonly clock: Clock;
  readonly log: Log;
  /** Where they go. */
  readonly places: AlertPlaces;
}

/** For the metrics. */
export interface AlertsFigures {
  readonly accepted: number;
  readonly refused: number;
  readonly deferred: number;
  readonly waiting: number;
  readonly oldestAgeMs: number;
  readonly firing: number;
  /** Since the watchdog last came; 0: it is not expected. */
  readonly watchdogAgeMs: number;
  readonly isWatchdogMissed: boolean;
}

/** A bot's alerts, from the port to the outbox. */
export interface Alerts extends Pick<AlertsInRooms, 'take' | 'noteUnsent' | 'noteRoomLost'> {
  /** Opens the port. Throws `E_ADDRESS_UNUSABLE` where that can't be had. */
  listen(): Promise<void>;
  /** Until aborted. Rejects with what the store throws. */
  run(signal: AbortSignal): Promise<void>;
  noteRemoved(event: EventId): void;
  readonly watchdog: Pick<WatchdogRoom, 'sight'> & {
    /** ms since the epoch; null: never. */
    seenAt(): number | null;
  };
  figures(): AlertsFigures;
  /** No more posts are taken; those that were are durable. */
  close(): Promise<void>;
}

function readTls({ file, settings }: Config): IntakeTls | null {
  const tls = settings.alerts?.listen.tls;
  if (tls === undefined) return null;
  const read = (place: string, path: string): string => {
    try {
      return readFileSync(resolve(dirname(file), path), 'utf8');
    } catch (error) {
      const reason = systemReason(error);
      throw new AppError(
        'E_CONFIG_INVALID',
        { file, place: `alerts.listen.tls.${place}`, reason },
        error,
      );
    }
  };
  return {
    cert: read('cert', tls.cert),
    key: read('key', tls.key),
    ca: tls.clientCa === undefined ? null : read('clientCa', tls.clientCa),
  };
}

/** Null: the config has no section `alerts`. Throws `E_CONFIG_INVALID`. */
export function createAlerts({ config, house, clock, log, places }: AlertsParts): Alerts | null {
  const settings = config.settings.alerts;
  const token = config.secrets.alertsToken;
  if (settings === undefined || token === null) return null;
  const { database, outbox, capabilities, alertIncidents: incidents, alertmanager } = house;
  const room = () => adminOf(places);
  const posts = new AlertPosts(database);
  const messages = new AlertMessages(database);
  const lookups = new AlertLookups(database);
  const inRooms = createAlertsInRooms({
    ...{ settings, house, clock, log, places },
    onDue: () => {
      feed.wake();
    },
  });
  const feed = new AlertFeed({
    ...{ database, posts, incidents, messages, clock, log, room },
    news: new AlertNews(database),
    teller: inRooms.teller,
    idle: (atMostMs) => intake.idle(atMostMs),
    missed: async (signal) => {
      if (alertmanager === null) return [];
      const active = await alertmanager.activeGroups(signal);
      const missed = missedPosts(active, lookups);
      return missed.flatMap((told) => watchdog.without(told) ?? []);
    },
    witness: createAlertWitness({ settings, api: alertmanager, clock, log }),
  });
  const people = () => capabilities.people.list().map(({ user }) => user);
  const language = () => house.live.current.settings.language;
  const { labels, silentAfterSeconds, required: isRequired } = settings.watchdog;
  const watchdog = new Watchdog({
    ...{ clock, store: new AlertWatchdog(database) },
    rule: { labels, isRequired, silentAfterMs: silentAfterSeconds * 1000 },
  });
  const watchdogRoom = new WatchdogRoom({
    ...{ watchdog, database, outbox, clock, language, people, room },
    doubtEnded: (since) => {
      const groups = lookups.doubtEnded(since);
      for (const group of groups) messages.noteStale(group);
      if (groups.size > 0) feed.wake();
    },
  });
  const withoutWatchdog = (bodies: readonly string[]): readonly string[] => {
    if (!bodies.some((body) => watchdog.mayBeIn(body))) return bodies;
    return database.transaction(() =>
      bodies.flatMap((body) => {
        if (!watchdog.mayBeIn(body)) return [body];
        const told = readNotification(body);
        const rest = watchdog.screen(told);
        if (rest === told) return [body];
        return rest === null ? [] : [JSON.stringify(rest)];
      }),
    );
  };
  house.alertBoard.onChange = () => {
    feed.wake();
  };
  const write = (all: readonly string[]): void => {
    // Also while nothing else is taken: monitoring is not silent because a disk is full.
    const bodies = withoutWatchdog(all);
    if (bodies.length === 0) return;
    // What room the ballast has given back is for answers: Alertmanager keeps what it can't get rid of.
    house.storage.assertWritable();
    posts.add(bodies, clock.now());
    feed.wake();
  };
  const commit = new GroupCommit({ write, press: () => database.pressed() });
  const intake = createIntakeServer({
    ...{ token, clock, log, tls: readTls(config) },
    accept: (part) => commit.add(part),
  });
  const { server, counts } = intake;
  let running: Promise<void> = Promise.resolve();
  return {
    listen: () => listen(server, config.file, 'alerts.listen', settings.listen),
    run: (signal) => {
      running = Promise.all([
        ...[feed, watchdogRoom, inRooms].map((each) => each.run(signal)),
      ]).then(() => undefined);
      return running;
    },
    noteRemoved: (event) => {
      feed.noteRemoved(event);
    },
    take: (pending) => inRooms.take(pending),
    noteUnsent: (item) => inRooms.noteUnsent(item),
    noteRoomLost: (lost) => {
      inRooms.noteRoomLost(lost);
    },
    watchdog: {
      sight: (...seen) => watchdogRoom.sight(...seen),
      seenAt: () => watchdog.state.seenAt,
    },
    figures: () => ({
      ...counts,
      watchdogAgeMs: watchdog.ageMs() ?? 0,
      isWatchdogMissed: watchdog.missedMs() !== null,
      ...posts.depth(clock.now()),
      firing: incidents.allFiring(),
    }),
    close: async () => {
      await server.close();
      await Promise.allSettled([running]);
    },
  };
}
