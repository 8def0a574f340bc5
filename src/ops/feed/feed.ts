import type { Text } from '../../core/text.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { Incident, Incidents } from '../../platform/store/incidents.ts';
import { readStack } from '../stack/stack.ts';
import { judgeStack, type StackState } from '../stack/state.ts';
import { sightingsOf, type Sighting } from './newsworthy.ts';

/** How quick a feed is, ms. */
export interface FeedPace {
  /** So long a trouble must last before anybody is told. */
  readonly confirmMs: number;
  /** And so long it must be gone before it counts as healed. */
  readonly healMs: number;
  /** After a break of the watches nothing is judged for so long: the kinds come back one by one. */
  readonly settleMs: number;
}

/** The feed's other times, ms. */
const feedTimes = {
  /** What comes back within this time is the same incident. */
  returnMs: 30 * 60_000,
  /** A message is edited at most so often for a change of words. */
  editMs: 60_000,
} as const;

/** A message as it is to be from now on: all incidents that it tells of, the first ones first. */
export interface FeedMessage {
  readonly key: string;
  readonly incidents: readonly Incident[];
}

/** What a feed is made of. */
export interface FeedParts {
  readonly cluster: Pick<Kubernetes, 'release' | 'namespace' | 'view'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly pace: FeedPace;
  readonly incidents: Incidents;
  /** Troubles that the watches do not tell, e.g. a disk that fills up. */
  readonly others: () => readonly Sighting[];
  /** Runs `work` as one transaction; what `post` does belongs to it. */
  readonly transaction: (work: () => void) => void;
  /** Says it in the room: a new message, or the same one edited. */
  readonly post: (message: FeedMessage) => void;
}

/**
 * Watches over the release without being asked. Each trouble is one incident; incidents that begin
 * together share one message, which is edited while they last and closed when they have healed.
 * What is open stands in the store, so that a restart of the bot tells nothing twice. While the
 * cluster is not heard of, nothing opens and nothing heals.
 */
export class Feed {
  readonly #parts: FeedParts;
  /** Since when a trouble is there that nobody was told of yet. */
  readonly #fresh = new Map<string, number>();
  /** When the watches were last cut or new. */
  #cutAt: number;
  #editedAt = new Map<string, number>();

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#cutAt = parts.clock.now();
  }

  /**
   * Looks at what is there now. Call it every few seconds. Returns what it went by; null: what is
   * known of the cluster is not to be believed now.
   */
  look(): StackState | null {
    const { cluster, clock, transaction, others } = this.#parts;
    const now = clock.now();
    const stack = readStack(cluster);
    if (stack.data.is !== 'fresh') {
      this.#cutAt = now;
      this.#fresh.clear();
      return null;
    }
    if (now - this.#cutAt < this.#parts.pace.settleMs) return null;
    const state = judgeStack(stack, now);
    const sightings = [...sightingsOf(state.problems, now), ...others()];
    transaction(() => this.#compare(sightings, now));
    return state;
  }

  /** Makes the message of a trouble anew: something else is to be said of it. Part of the caller's transaction. */
  retell(identity: string): void {
    const { incidents, clock } = this.#parts;
    const incident = incidents.all().find((each) => each.identity === identity);
    if (incident !== undefined) this.#say(new Set([incident.message]), clock.now());
  }

  #compare(sightings: readonly Sighting[], now: number): void {
    const { incidents } = this.#parts;
    const known = new Map(incidents.all().map((each) => [each.identity, each]));
    const changed = new Set<string>();
    const seen = new Set<string>();
    const message = `${now}`;
    for (const sighting of sightings) {
      const { identity, opens } = sighting;
      if (seen.has(identity)) continue;
      const before = known.get(identity);
      const isOpen = before !== undefined && before.healedAt === null;
      if (!opens && !isOpen) continue;
      seen.add(identity);
      if (isOpen) {
        if (this.#goOn(sighting, before, now)) changed.add(before.message);
      } else if (this.#isConfirmed(identity, now)) {
        const incident = opened(sighting, before, message, now);
        incidents.put(incident);
        changed.add(incident.message);
      }
    }
    for (const identity of this.#fresh.keys())
      if (!seen.has(identity)) this.#fresh.delete(identity);
    for (const each of known.values()) {
      if (each.healedAt !== null || seen.has(each.identity)) continue;
      if (now - each.seenAt < this.#parts.pace.healMs) continue;
      incidents.put({ ...each, healedAt: now });
      changed.add(each.message);
    }
    this.#say(changed, now);
    incidents.forgetHealedBefore(now - feedTimes.returnMs);
  }

  #isConfirmed(identity: string, now: number): boolean {
    const since = this.#fresh.get(identity) ?? now;
    this.#fresh.set(identity, since);
    if (now - since < this.#parts.pace.confirmMs) return false;
    this.#fresh.delete(identity);
    return true;
  }

  /** It is still there. True: its words are others now, and its message was not edited just before. */
  #goOn({ level, said }: Sighting, before: Incident, now: number): boolean {
    const { incidents, pace } = this.#parts;
    const isSame = level === before.level && withoutTimes(said) === withoutTimes(before.said);
    const last = this.#editedAt.get(before.message) ?? 0;
    const isDue = !isSame && now - last >= feedTimes.editMs;
    // Written rarely: `seen_at` need not be exact.
    if (isDue) incidents.put({ ...before, level, said, seenAt: now });
    else if (now - before.seenAt >= pace.healMs / 4) incidents.put({ ...before, seenAt: now });
    return isDue;
  }

  #say(changed: ReadonlySet<string>, now: number): void {
    const { incidents, post } = this.#parts;
    const all = incidents.all();
    for (const key of changed) {
      this.#editedAt.set(key, now);
      post({ key, incidents: all.filter((each) => each.message === key) });
    }
    const open = new Set(all.map((each) => each.message));
    for (const key of this.#editedAt.keys()) if (!open.has(key)) this.#editedAt.delete(key);
  }
}

/** A new incident, or one that came back soon: that goes on in its old message. */
function opened(
  { identity, level, said }: Sighting,
  before: Incident | undefined,
  message: string,
  now: number,
): Incident {
  return {
    ...{ identity, level, said },
    message: before?.message ?? message,
    openedAt: before?.openedAt ?? now,
    seenAt: now,
    healedAt: null,
    returns: before === undefined ? 0 : before.returns + 1,
  };
}

/** How long something has lasted changes all the time and is no news. */
function withoutTimes(text: Text): string {
  return JSON.stringify(text, (key, value: unknown) => (key === 'span' ? 0 : value));
}
