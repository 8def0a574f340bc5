import type { OutboxId, RoomId, UserId } from '../../core/ids.ts';
import { calling, ringing, type GroupNews } from '../../ops/alerts/group-news.ts';
import {
  messageAgeMs,
  place,
  stormCalmMs,
  stormWindowMs,
  type NewFire,
  type Place,
} from '../../ops/alerts/placement.ts';
import type { QuietHours } from '../../ops/alerts/quiet-hours.ts';
import { isCritical } from '../../ops/alerts/severity.ts';
import type { AlertMessages } from '../../platform/store/alert-messages.ts';
import type { AlertMessage, StoredGroup, StoredIncident } from '../../platform/store/alert-row.ts';
import type { HeldGroups } from '../../platform/store/held-groups.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import { AlertPage, type AlertPageParts } from './alert-page.ts';
import { AlertRows } from './alert-rows.ts';
import { beganAs } from './began-as.ts';
import { heldMessage, newsMessage, type News } from './alert-words.ts';
import { HeldBack, sinceOf, type OverGroup, type WaitedNews } from './held-back.ts';

/** What the teller is made of. The stores lie in one file with the outbox. */
export interface AlertTellerParts extends AlertPageParts {
  readonly messages: AlertMessages;
  readonly held: HeldGroups;
  readonly outbox: SqliteOutbox;
  /** Who is called when something critical begins. */
  readonly people: () => readonly UserId[];
  /** Null: there are none. */
  readonly quietHours: QuietHours | null;
}

/** People are called about a group not more often than this, ms. */
const callAgainMs = 30 * 60_000;
/** What could not be sent where all else goes is not tried there again before, ms. */
const retellAfterMs = 60_000;

/** So many alerts of a group say where it goes: the worst come first. */
const mostRouted = 200;

const fires = (news: GroupNews): boolean => ringing(news).length + news.short.length > 0;

/**
 * Turns news into rows of the outbox: which message, new or edit, who is called (docs/alerts.md, "In
 * the room"). All of it is part of the caller's transaction, the one that changes the incidents.
 */
export class AlertTeller {
  readonly #parts: AlertTellerParts;
  readonly #page: AlertPage;
  readonly #rows: AlertRows;
  readonly #heldBack: HeldBack;
  #retellAt = 0;

  constructor(parts: AlertTellerParts) {
    this.#parts = parts;
    this.#page = new AlertPage(parts);
    this.#rows = new AlertRows(parts.outbox);
    this.#heldBack = new HeldBack(parts);
  }

  /** `admin`: where all goes that has no other place; `now`: ms since the epoch. */
  tell(news: readonly GroupNews[], admin: RoomId, now: number): void {
    for (const { group } of news) this.#parts.messages.noteStale(group);
    const passed = news.flatMap((each) => this.#heldBack.pass(each, now) ?? []);
    this.#tellNow(passed, admin, now);
  }

  /** Tells what had to wait and need not any longer. */
  release(admin: RoomId, now: number): void {
    if (now < this.#retellAt) return;
    const { news, over } = this.#heldBack.due(now);
    if (news.length + over.length === 0) return;
    this.#tellNow(news, admin, now);
    this.#sumUp(news, over, admin, now);
  }

  /** Edits what does not show any more what is so. */
  refresh(now: number): void {
    const { messages } = this.#parts;
    for (const message of messages.stale(200)) {
      messages.noteShown(message.id);
      if (!message.isGone) this.#rows.edit(message, this.#page.of(message), now);
    }
  }

  /**
   * The row of a message, or of what stands below it, can never be sent: what it shows is told again
   * elsewhere. False: it is none of ours.
   */
  noteUnsent(row: OutboxId, room: RoomId, admin: RoomId | null, now: number): boolean {
    if (!this.#parts.held.loseMessage(row)) return false;
    if (room === admin) this.#retellAt = now + retellAfterMs;
    return true;
  }

  #tellNow(news: readonly WaitedNews[], admin: RoomId, now: number): void {
    const byRoom = new Map<RoomId, WaitedNews[]>();
    for (const each of news) {
      if (!fires(each)) continue;
      const room = this.#roomFor(each.group, each.short, admin, now);
      byRoom.set(room, [...(byRoom.get(room) ?? []), each]);
    }
    for (const [room, some] of byRoom) this.#place(some, room, now);
    for (const each of news) this.#tellEnd(each, now);
  }

  #roomFor(id: string, ended: readonly StoredIncident[], admin: RoomId, now: number): RoomId {
    const { incidents, messages, routing } = this.#parts;
    const { receiver, message: shown } = this.#group(id);
    const alerts = [...incidents.firing(id, mostRouted), ...ended];
    const wanted = routing.destination(receiver, alerts, admin);
    const message = shown === null ? null : messages.find(shown);
    const isFresh = message !== null && !message.isGone && now - message.madeAt < messageAgeMs;
    return isFresh && routing.mayStay(message.room, wanted) ? message.room : wanted.room;
  }

  #place(news: readonly WaitedNews[], room: RoomId, now: number): void {
    const { messages } = this.#parts;
    const digest = this.#openDigest(room, now);
    const fresh = news.filter((each) => this.#mayFire(each, room, now));
    const recent = messages.madeSince(room, now - stormWindowMs);
    const places = place(
      fresh.map((each) => this.#fireOf(each, digest, room, now)),
      { messages: recent, digest: digest?.id ?? null },
    );
    const joining: WaitedNews[] = [];
    for (const [at, each] of fresh.entries()) {
      const where: Place = places[at] ?? { kind: 'own' };
      if (where.kind === 'digest') joining.push(each);
      else if (where.kind === 'own') this.#begin(each, room, now);
      else this.#ring(each, where.message, now);
    }
    if (joining.length > 0) this.#join(joining, digest, room, now);
  }

  #openDigest(room: RoomId, now: number): AlertMessage | null {
    const digest = this.#parts.messages.digest(room);
    return digest !== null && now - digest.joinedAt < stormCalmMs ? digest : null;
  }

  /** What was over before anybody heard of it needs a message only where its group has none. */
  #mayFire(news: GroupNews, room: RoomId, now: number): boolean {
    return ringing(news).length > 0 || this.#shownBy(news.group, null, room, now) === null;
  }

  #fireOf(news: GroupNews, digest: AlertMessage | null, room: RoomId, now: number): NewFire {
    const shownBy = this.#shownBy(news.group, digest, room, now);
    return { group: news.group, isCritical: ringing(news).some(isCritical), shownBy };
  }

  #shownBy(
    group: string,
    digest: AlertMessage | null,
    room: RoomId,
    now: number,
  ): NewFire['shownBy'] {
    const { incidents, messages } = this.#parts;
    const id = incidents.group(group)?.message ?? null;
    const message = id === null ? null : messages.find(id);
    if (message === null || message.isGone || message.room !== room) return null;
    if (message.kind === 'digest') {
      return message.id === digest?.id ? { message: message.id, kind: 'digest' } : null;
    }
    return now - message.madeAt < messageAgeMs ? { message: message.id, kind: 'group' } : null;
  }

  #begin(news: WaitedNews, room: RoomId, now: number): void {
    const { messages } = this.#parts;
    const group = this.#group(news.group);
    const overSince = sinceOf(news, now);
    const text = this.#page.ofGroup(group, { madeAt: now, overSince, room });
    const rings = ringing(news).length > 0;
    const called = this.#called(group, calling(news), now);
    const said = { text, rings, called, about: group.id };
    const row = this.#rows.message(room, `alert ${group.id} ${now}`, said, now);
    messages.take(messages.make('group', room, row, now, overSince), group.id, now);
  }

  #ring(news: GroupNews, messageId: number, now: number): void {
    const { incidents, messages, language } = this.#parts;
    const message = messages.find(messageId);
    if (message === null) return;
    const group = this.#group(news.group);
    for (const what of ['opened', 'reopened', 'worse'] as const) {
      const rung = news[what];
      if (rung.length === 0) continue;
      const others = news.more?.[what] ?? 0;
      const begun = what === 'opened' ? beganAs(rung, others, incidents.totals) : 'again';
      const kind = what === 'worse' ? what : begun;
      const text = newsMessage({ kind }, rung, others, group, language());
      const called = what === 'reopened' ? [] : this.#called(group, rung, now);
      this.#rows.inThread(message, { text, rings: true, called, about: group.id }, now);
    }
  }

  #join(
    joining: readonly WaitedNews[],
    open: AlertMessage | null,
    room: RoomId,
    now: number,
  ): void {
    const { incidents, messages, language } = this.#parts;
    const called = joining.flatMap((news) =>
      this.#called(this.#group(news.group), calling(news), now),
    );
    const everybody = [...new Set(called)];
    if (open !== null) {
      for (const { group } of joining) messages.take(open.id, group, now);
      messages.noteStale(joining[0]?.group ?? '');
      const loud = joining.filter((news) => calling(news).length > 0);
      for (const news of everybody.length > 0 ? loud.slice(0, 1) : []) {
        const bad = loud.flatMap(calling);
        const others = loud.reduce((sum, { more }) => sum + (more?.opened ?? 0), 0);
        const group = this.#group(news.group);
        const isWorse = loud.every(({ opened }) => opened.length === 0);
        const kind = isWorse ? 'worse' : beganAs(bad, others, incidents.totals);
        const text = newsMessage({ kind }, bad, others, group, language());
        const said = { text, rings: true, called: everybody, about: news.group };
        this.#rows.inThread(open, said, now);
      }
      return;
    }
    // The groups must be its own before it can show them, and it needs a row to be made.
    const lane = `alert digest ${room} ${now}`;
    const draft = { text: null, rings: true, called: everybody, about: 'digest' };
    const row = this.#rows.message(room, lane, draft, now);
    const overSince = Math.min(...joining.map((news) => sinceOf(news, now)));
    const id = messages.make('digest', room, row, now, overSince);
    for (const { group } of joining) messages.take(id, group, now);
    const made = messages.find(id);
    if (made === null) throw new Error('a digest was not written');
    this.#rows.message(room, lane, { ...draft, text: this.#page.of(made) }, now);
  }

  #tellEnd(news: GroupNews, now: number): void {
    const { incidents, messages, language } = this.#parts;
    const group = this.#group(news.group);
    const message = group.message === null ? null : messages.find(group.message);
    if (message === null || message.isGone || message.kind === 'digest') return;
    const stillFiring = incidents.firingCount(group.id);
    // Made just now: it shows them by itself.
    const short = message.madeAt === now ? [] : news.short;
    const kinds: readonly (readonly [News, readonly StoredIncident[], number])[] = [
      [{ kind: 'short' }, short, news.more?.short ?? 0],
      [{ kind: 'over', stillFiring }, news.resolved, news.more?.resolved ?? 0],
    ];
    for (const [kind, ended, others] of kinds) {
      if (ended.length === 0) continue;
      const text = newsMessage(kind, ended, others, group, language());
      this.#rows.inThread(message, { text, rings: false, called: [], about: group.id }, now);
    }
  }

  /** One notice a room: what is over has a line in it, what fires is told by itself. */
  #sumUp(news: readonly GroupNews[], over: readonly OverGroup[], admin: RoomId, now: number): void {
    const { incidents, language, messages, routing } = this.#parts;
    const rooms = new Map<RoomId, { over: OverGroup[]; firing: number }>();
    const at = (room: RoomId): { over: OverGroup[]; firing: number } => {
      const sum = rooms.get(room) ?? { over: [], firing: 0 };
      rooms.set(room, sum);
      return sum;
    };
    for (const each of over) {
      const { id, receiver } = each.stored;
      const ended = incidents.ended(id, each.since, mostRouted);
      at(routing.destination(receiver, ended, admin).room).over.push(each);
    }
    for (const { group } of news) {
      const id = this.#group(group).message;
      const message = id === null ? null : messages.find(id);
      if (message !== null) at(message.room).firing += 1;
    }
    for (const [room, sum] of rooms) {
      if (sum.over.length === 0 && sum.firing < 2) continue;
      const text = heldMessage(sum.over, sum.firing, language());
      const said = { text, rings: false, called: [], about: 'held' };
      this.#rows.message(room, `alert held ${room} ${now}`, said, now);
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
