import { onTestFinished } from 'vitest';
import { AlertFeed } from '../../../../src/bot/alerts/alert-feed.ts';
import { AlertRouting } from '../../../../src/bot/alerts/alert-routing.ts';
import { AlertTeller } from '../../../../src/bot/alerts/alert-teller.ts';
import { parseEventId, parseRoomId, parseUserId, type RoomId } from '../../../../src/core/ids.ts';
import type { Evidence } from '../../../../src/ops/alerts/incident.ts';
import { missedPosts } from '../../../../src/ops/alerts/missed.ts';
import type { Notification, NotifiedAlert } from '../../../../src/ops/alerts/notification.ts';
import type { QuietHours } from '../../../../src/ops/alerts/quiet-hours.ts';
import type { LinkRule } from '../../../../src/ops/alerts/reachable-link.ts';
import type { Route } from '../../../../src/ops/alerts/route.ts';
import type { Idle } from '../../../../src/ops/alerts/turns.ts';
import type { ActiveGroup } from '../../../../src/platform/alertmanager/alertmanager-api.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import { AlertIncidents } from '../../../../src/platform/store/alert-incidents.ts';
import { AlertLookups } from '../../../../src/platform/store/alert-lookups.ts';
import { AlertMessages } from '../../../../src/platform/store/alert-messages.ts';
import { AlertNews } from '../../../../src/platform/store/alert-news.ts';
import { AlertPosts } from '../../../../src/platform/store/alert-posts.ts';
import type { Language } from '../../../../src/core/words/index.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { HeldGroups } from '../../../../src/platform/store/held-groups.ts';
import type { OutboxItem } from '../../../../src/platform/store/outbox.ts';
import { SqliteOutbox } from '../../../../src/platform/store/outbox-store.ts';
import { isOutboxId, referenceOf } from '../../../../src/bot/sender/deliver.ts';
import { stateIn } from '../../platform/store/new-state.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { rememberingLog } from '../quiet-log.ts';

export const room = parseRoomId('!admin:x.org');
export const anna = parseUserId('@anna:x.org');

export const alert = (fields: Partial<NotifiedAlert> = {}): NotifiedAlert => ({
  ...{ fingerprint: '00000000000000aa', status: 'firing', startsAt: 1000, endsAt: null },
  ...{ labels: { alertname: 'A', severity: 'warning' }, annotations: {}, generatorUrl: '' },
  ...fields,
});

export const told = (name: string, ...alerts: readonly NotifiedAlert[]): Notification => ({
  source: 'alertmanager',
  ...{ receiver: 'urtc', groupKey: `{}:{alertname="${name}"}`, groupLabels: { alertname: name } },
  ...{ externalUrl: '', alerts: [...alerts] },
});

/** What the config says about rooms and hours. */
export interface FeedOptions {
  readonly routes?: readonly Route[];
  readonly quietHours?: QuietHours;
  /** Waits for those who are being answered. Default: nobody is. */
  readonly idle?: Idle;
  readonly links?: readonly LinkRule[];
  readonly language?: Language;
}

/** A feed on a real store; the clock moves only when told, and each waking is a turn to its end. */
export class FeedFixture {
  now = 1_700_000_000_000;
  evidence: (fingerprint: string) => Evidence = () => 'unknown';
  /** So far the clock moves each time that somebody looks at it. */
  tickMs = 0;
  /** What Alertmanager would post now. */
  active: readonly ActiveGroup[] = [];
  /** Rooms for alerts that can be used, by name. */
  readonly named = new Map<string, RoomId>();
  readonly incidents: AlertIncidents;
  readonly outbox: SqliteOutbox;
  readonly #posts: AlertPosts;
  readonly #news: AlertNews;
  readonly database: Database;
  readonly messages: AlertMessages;
  readonly teller: AlertTeller;
  readonly #makeFeed: () => AlertFeed;
  #feed: AlertFeed;

  constructor(options: FeedOptions = {}) {
    const database = stateIn(tempFolder());
    onTestFinished(() => database.close());
    this.database = database;
    this.incidents = new AlertIncidents(database);
    this.outbox = new SqliteOutbox(database);
    this.#posts = new AlertPosts(database);
    this.#news = new AlertNews(database);
    this.messages = new AlertMessages(database);
    const clock: Clock = {
      now: () => (this.now += this.tickMs),
      monotonic: () => this.now,
      sleep: () => Promise.resolve(),
    };
    const { incidents, outbox } = this;
    const teller = new AlertTeller({
      ...{ incidents, outbox, messages: this.messages },
      ...{
        language: () => options.language ?? 'en',
        people: () => [anna],
        links: options.links ?? [],
      },
      held: new HeldGroups(database),
      quietHours: options.quietHours ?? null,
      routing: new AlertRouting({
        routes: options.routes ?? [],
        named: (name) => this.named.get(name) ?? null,
      }),
    });
    this.teller = teller;
    this.#makeFeed = () =>
      new AlertFeed({
        ...{ database, incidents, teller, clock, log: rememberingLog().log },
        ...{ posts: this.#posts, news: this.#news, messages: this.messages, room: () => room },
        witness: () => Promise.resolve((fingerprint) => this.evidence(fingerprint)),
        missed: () => Promise.resolve(missedPosts(this.active, new AlertLookups(database))),
        ...(options.idle === undefined ? {} : { idle: options.idle }),
      });
    this.#feed = this.#makeFeed();
  }

  /** The bot ends and starts again. */
  restart(): void {
    this.#feed = this.#makeFeed();
  }

  /** Takes these in, in one turn. */
  async take(...all: readonly Notification[]): Promise<void> {
    this.#posts.add(
      all.map((each) => JSON.stringify(each)),
      this.now,
    );
    await this.turn();
  }

  /** Lets the feed do what is due. */
  async turn(): Promise<void> {
    const stop = new AbortController();
    const running = this.#feed.run(stop.signal);
    const isBusy = (): boolean =>
      this.#posts.depth(this.now).waiting > 0 ||
      !this.#news.isEmpty() ||
      this.messages.stale(1).length > 0;
    // All that it waits for is at hand, and it lets others have their turn when it has worked for long.
    do await new Promise((resolve) => setImmediate(resolve));
    while (isBusy());
    stop.abort();
    await running;
  }

  /** What waits to be sent, in order; it counts as sent then. */
  sent(): readonly OutboxItem[] {
    const sent: OutboxItem[] = [];
    for (;;) {
      const [item] = [...this.outbox.heads(1)];
      if (item === undefined) return sent;
      this.outbox.markSent(item.id, parseEventId(`$${item.id}`), this.now);
      sent.push(item);
    }
  }

  /** The home server refuses this row for good. */
  refuse({ id, body }: OutboxItem, from: RoomId = room): boolean {
    const reference = referenceOf(body);
    const row = reference !== null && isOutboxId(reference) ? reference : id;
    this.outbox.markFailed(id, 'forbidden', this.now);
    return this.teller.noteUnsent(row, from, room, this.now);
  }

  /** What waits to be sent and is not sent. */
  waiting(): readonly OutboxItem[] {
    return [...this.outbox.heads(100)];
  }

  /** Somebody removes the message that this row has become. */
  remove({ id }: OutboxItem): void {
    this.#feed.noteRemoved(parseEventId(`$${id}`));
  }
}

/** Body of a row's message. */
export const bodyOf = ({ body }: OutboxItem): string =>
  'content' in body && typeof body.content['body'] === 'string' ? body.content['body'] : '';

/** `text`, `notice` or `edit`, and where it stands. */
export const kindOf = ({ body }: OutboxItem): string => {
  if (body.kind === 'edit') return 'edit';
  if (body.kind !== 'event') return body.kind;
  const kind = body.content['msgtype'] === 'm.text' ? 'text' : 'notice';
  return body.thread === undefined ? kind : `${kind} in thread`;
};
