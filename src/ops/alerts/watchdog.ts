import type { Clock } from '../../platform/clock.ts';
import type { AlertWatchdog, StoredWatchdog } from '../../platform/store/alert-watchdog.ts';
import { SteadyAge } from '../notify/steady-age.ts';
import type { Notification } from './notification.ts';

/** Which alert is meant and how often it must come. */
export interface WatchdogRule {
  /** It has all of these. */
  readonly labels: Readonly<Record<string, string>>;
  readonly silentAfterMs: number;
  /** Whether it is missed also where it never came. */
  readonly isRequired: boolean;
}

/** What the watchdog is made of. */
export interface WatchdogParts {
  readonly rule: WatchdogRule;
  readonly store: AlertWatchdog;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
}

/**
 * The alert that always fires (alerts-monitoring §3): as long as it comes, Prometheus, Alertmanager
 * and the way from there to here work. When it stops, monitoring is silent, and silence looks like
 * peace. When it last came is durable; its age is counted by the steady clock.
 */
export class Watchdog {
  readonly #rule: WatchdogRule;
  readonly #store: AlertWatchdog;
  readonly #clock: WatchdogParts['clock'];
  readonly #ages: SteadyAge;
  readonly #begun: number;
  #state: StoredWatchdog;

  constructor({ rule, store, clock }: WatchdogParts) {
    this.#rule = rule;
    this.#store = store;
    this.#clock = clock;
    this.#ages = new SteadyAge(clock);
    this.#begun = clock.monotonic();
    this.#state = store.read();
    if (this.#state.seenAt === null && rule.isRequired) {
      this.change({ seenAt: clock.now() });
    }
    // Its age counts from now on, also before anybody asks.
    this.ageMs();
  }

  /** As it is in the store. */
  get state(): StoredWatchdog {
    return this.#state;
  }

  /** How long ago it last came, ms; null: it is not expected. */
  ageMs(): number | null {
    const { seenAt } = this.#state;
    return seenAt === null ? null : this.#ages.of('seen', seenAt);
  }

  /** How long it has been missed, ms; null: it is not. After a start it gets some time to come. */
  missedMs(): number | null {
    const { silentAfterMs } = this.#rule;
    const age = this.ageMs();
    const uptime = this.#clock.monotonic() - this.#begun;
    const isMissed = age !== null && age >= silentAfterMs && uptime >= silentAfterMs / 3;
    return isMissed ? age - silentAfterMs : null;
  }

  /** Part of the caller's transaction. */
  change(fields: Partial<StoredWatchdog>): void {
    this.#state = { ...this.#state, ...fields };
    this.#store.put(this.#state);
  }

  /**
   * Takes it out of a notification and notes that it came: it is no alert like the others. The same
   * object: it was not in it; null: nothing else was. Part of the caller's transaction.
   */
  screen(told: Notification): Notification | null {
    const rest = this.without(told);
    if (rest === told) return told;
    const isFiring = told.alerts.some(
      ({ labels, status }) => status === 'firing' && this.#isMeant(labels),
    );
    if (isFiring) {
      const now = this.#clock.now();
      this.#ages.begin('seen', now);
      this.change({ seenAt: now });
    }
    return rest;
  }

  /** The same, and it counts for nothing: for what did not come by the way that it watches over. */
  without(told: Notification): Notification | null {
    const alerts = told.alerts.filter(({ labels }) => !this.#isMeant(labels));
    if (alerts.length === told.alerts.length) return told;
    return alerts.length === 0 ? null : { ...told, alerts };
  }

  /** A quick look, without reading it, at whether it could be in the JSON of a notification. */
  mayBeIn(body: string): boolean {
    const values = Object.values(this.#rule.labels);
    return values.length > 0 && values.every((value) => body.includes(JSON.stringify(value)));
  }

  #isMeant(labels: Readonly<Record<string, string>>): boolean {
    const wanted = Object.entries(this.#rule.labels);
    return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
  }
}
