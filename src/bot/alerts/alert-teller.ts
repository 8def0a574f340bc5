import type { RoomId, UserId } from '../../core/ids.ts';
import type { GroupNews } from '../../ops/alerts/intake.ts';
import {
  messageAgeMs,
  place,
  stormCalmMs,
  stormWindowMs,
  type NewFire,
  type Place,
} from '../../ops/alerts/placement.ts';
import { rankOf } from '../../ops/alerts/severity.ts';
import type { AlertMessages } from '../../platform/store/alert-messages.ts';
import type { AlertMessage, StoredGroup, StoredIncident } from '../../platform/store/alert-row.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import { AlertPage, type AlertPageParts } from './alert-page.ts';
import { AlertRows } from './alert-rows.ts';
import { newsMessage, type News } from './alert-words.ts';

/** What the teller is made of. The stores lie in one file with the outbox. */
export interface AlertTellerParts extends AlertPageParts {
  readonly messages: AlertMessages;
  readonly outbox: SqliteOutbox;
  /** Who is called when something critical begins. */
  readonly people: () => readonly UserId[];
}

/** People are called about a group not more often than this, ms. */
const callAgainMs = 30 * 60_000;
const critical = rankOf('critical');

const isCritical = (incident: StoredIncident): boolean => incident.severity >= critical;
const fires = ({ opened, reopened, short }: GroupNews): boolean =>
  opened.length + reopened.length + short.length > 0;

/**
 * Turns news into rows of the outbox: which message, new or edit, who is called (docs/alerts.md, "In
 * the room"). All of it is part of the caller's transaction, the one that changes the incidents.
 */
export class AlertTeller {
  readonly #parts: AlertTellerParts;
  readonly #page: AlertPage;
  readonly #rows: AlertRows;

  constructor(parts: AlertTellerParts) {
    this.#parts = parts;
    this.#page = new AlertPage(parts);
    this.#rows = new AlertRows(parts.outbox);
  }

  /** `now`: ms since the epoch. */
  tell(news: readonly GroupNews[], room: RoomId, now: number): void {
    const { messages } = this.#parts;
    for (const { group } of news) messages.noteStale(group);
    const digest = this.#openDigest(now);
    const fresh = news.filter((each) => fires(each) && this.#mayFire(each, now));
    const talk = { messages: messages.madeSince(now - stormWindowMs), digest: digest?.id ?? null };
    const places = place(
      fresh.map((each) => this.#fireOf(each, digest, now)),
      talk,
    );
    const joining: GroupNews[] = [];
    for (const [at, each] of fresh.entries()) {
      const where: Place = places[at] ?? { kind: 'own' };
      if (where.kind === 'digest') joining.push(each);
      else if (where.kind === 'own') this.#begin(each, room, now);
      else this.#ring(each, where.message, now);
    }
    if (joining.length > 0) this.#join(joining, digest, room, now);
    for (const each of news) this.#tellEnd(each, now);
  }

  /** Edits what does not show any more what is so. */
  refresh(now: number): void {
    const { messages } = this.#parts;
    for (const message of messages.stale(200)) {
      messages.noteShown(message.id);
      if (message.isGone) continue;
      const text = this.#page.of(message);
      if (text !== null) this.#rows.edit(message, text, now);
    }
  }

  #openDigest(now: number): AlertMessage | null {
    const digest = this.#parts.messages.digest();
    return digest !== null && now - digest.joinedAt < stormCalmMs ? digest : null;
  }

  /** What was over before anybody heard of it needs a message only where its group has none. */
  #mayFire({ group, opened, reopened }: GroupNews, now: number): boolean {
    return opened.length + reopened.length > 0 || this.#shownBy(group, null, now) === null;
  }

  #fireOf(news: GroupNews, digest: AlertMessage | null, now: number): NewFire {
    const { group, opened, reopened } = news;
    const shownBy = this.#shownBy(group, digest, now);
    return { group, isCritical: [...opened, ...reopened].some(isCritical), shownBy };
  }

  #shownBy(group: string, digest: AlertMessage | null, now: number): NewFire['shownBy'] {
    const { incidents, messages } = this.#parts;
    const id = incidents.group(group)?.message ?? null;
    const message = id === null ? null : messages.find(id);
    if (message === null || message.isGone) return null;
    if (message.kind === 'digest') {
      return message.id === digest?.id ? { message: message.id, kind: 'digest' } : null;
    }
    return now - message.madeAt < messageAgeMs ? { message: message.id, kind: 'group' } : null;
  }

  #begin(news: GroupNews, room: RoomId, now: number): void {
    const { messages } = this.#parts;
    const group = this.#group(news.group);
    const text = this.#page.ofGroup(group, now);
    const rings = news.opened.length + news.reopened.length > 0;
    const called = this.#called(group, news.opened, now);
    const said = { text, rings, called, about: group.id };
    const row = this.#rows.message(room, `alert ${group.id} ${now}`, said, now);
    messages.take(messages.make('group', room, row, now), group.id, now);
  }

  #ring(news: GroupNews, messageId: number, now: number): void {
    const { messages, language } = this.#parts;
    const message = messages.find(messageId);
    if (message === null) return;
    const group = this.#group(news.group);
    const kinds = [
      ['opened', news.opened],
      ['again', news.reopened],
    ] as const;
    for (const [kind, incidents] of kinds) {
      if (incidents.length === 0) continue;
      const text = newsMessage({ kind }, incidents, group, language());
      const called = kind === 'opened' ? this.#called(group, incidents, now) : [];
      this.#rows.inThread(message, { text, rings: true, called, about: group.id }, now);
    }
  }

  #join(joining: readonly GroupNews[], open: AlertMessage | null, room: RoomId, now: number): void {
    const { messages, language } = this.#parts;
    const called = joining.flatMap((news) =>
      this.#called(this.#group(news.group), news.opened, now),
    );
    const everybody = [...new Set(called)];
    if (open !== null) {
      for (const { group } of joining) messages.take(open.id, group, now);
      messages.noteStale(joining[0]?.group ?? '');
      const loud = joining.filter((news) => news.opened.some(isCritical));
      for (const news of everybody.length > 0 ? loud.slice(0, 1) : []) {
        const bad = loud.flatMap(({ opened }) => opened.filter(isCritical));
        const text = newsMessage({ kind: 'opened' }, bad, this.#group(news.group), language());
        const said = { text, rings: true, called: everybody, about: news.group };
        this.#rows.inThread(open, said, now);
      }
      return;
    }
    // The groups must be its own before it can show them, and it needs a row to be made.
    const lane = `alert digest ${now}`;
    const draft = { text: null, rings: true, called: everybody, about: 'digest' };
    const row = this.#rows.message(room, lane, draft, now);
    const id = messages.make('digest', room, row, now);
    for (const { group } of joining) messages.take(id, group, now);
    const made = messages.find(id);
    const text = made === null ? null : this.#page.of(made);
    if (text === null) throw new Error('a digest without groups');
    this.#rows.message(room, lane, { ...draft, text }, now);
  }

  #tellEnd(news: GroupNews, now: number): void {
    const { incidents, messages, language } = this.#parts;
    const group = this.#group(news.group);
    const message = group.message === null ? null : messages.find(group.message);
    if (message === null || message.isGone || message.kind === 'digest') return;
    const stillFiring = incidents.firingCount(group.id);
    // Made just now: it shows them by itself.
    const short = message.madeAt === now ? [] : news.short;
    const kinds: readonly (readonly [News, readonly StoredIncident[]])[] = [
      [{ kind: 'short' }, short],
      [{ kind: 'over', stillFiring }, news.resolved],
    ];
    for (const [kind, ended] of kinds) {
      if (ended.length === 0) continue;
      const text = newsMessage(kind, ended, group, language());
      this.#rows.inThread(message, { text, rings: false, called: [], about: group.id }, now);
    }
  }

  /** Who is to be called about these, and notes it. */
  #called(group: StoredGroup, opened: readonly StoredIncident[], now: number): readonly UserId[] {
    const { incidents, people } = this.#parts;
    if (!opened.some(isCritical)) return [];
    if (group.mentionedAt !== null && now - group.mentionedAt < callAgainMs) return [];
    incidents.noteMentioned(group.id, now);
    return people();
  }

  #group(id: string): StoredGroup {
    const group = this.#parts.incidents.group(id);
    if (group === null) throw new Error(`there is no group ${id}`);
    return group;
  }
}
