import { AppError } from '../../core/errors.ts';
import type {
  AlertmanagerApi,
  Matcher,
  NewSilence,
  Silence,
} from '../../platform/alertmanager/alertmanager-api.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AlertIncidents, FiringGroup } from '../../platform/store/alert-incidents.ts';
import type { AlertMessages } from '../../platform/store/alert-messages.ts';
import type { StoredGroup, StoredIncident } from '../../platform/store/alert-row.ts';
import type { Database } from '../../platform/store/database.ts';
import { isQuiet, type QuietHours } from './quiet-hours.ts';
import type { TestAlerts } from './test-alerts.ts';

/** What the board is made of. */
export interface AlertBoardParts {
  /** Whether the bot takes alerts at all. */
  readonly isOn: boolean;
  readonly database: Pick<Database, 'transaction'>;
  readonly incidents: AlertIncidents;
  readonly messages: AlertMessages;
  readonly clock: Clock;
  /** Null: nobody said where Alertmanager is. */
  readonly api: AlertmanagerApi | null;
  readonly tests: TestAlerts;
  /** Default: there are none. */
  readonly quietHours?: QuietHours | null;
}

/** A silence, and how many of the alerts in question it covers. */
export interface Silencing {
  readonly silence: Silence;
  readonly count: number;
}

/** A group with what fires in it. */
export interface ShownGroup {
  readonly stored: StoredGroup;
  readonly firing: readonly StoredIncident[];
  readonly ended: readonly StoredIncident[];
}

/** Id of a group (`g…`) or fingerprint of an alert, as people type them. */
export type AlertTarget = string;

const isGroupId = (target: AlertTarget): boolean => target.startsWith('g');
const dayMs = 24 * 3_600_000;

/** Conditions that fit exactly what has these labels. */
export const exactly = (labels: Readonly<Record<string, string>>): readonly Matcher[] =>
  Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));

/**
 * Alerts and silences for commands. Every method throws `E_ALERTS_OFF` where the bot takes none;
 * those about silences throw `E_ALERTMANAGER_*` as well.
 */
export class AlertBoard {
  /** Hears that a message shows something that is not so any more. */
  onChange: () => void = () => undefined;
  /** Silences that were made or changed since the start of the process. */
  silencesMade = 0;
  readonly #parts: AlertBoardParts;

  constructor(parts: AlertBoardParts) {
    this.#parts = parts;
  }

  #on(): AlertBoardParts {
    if (!this.#parts.isOn) throw new AppError('E_ALERTS_OFF');
    return this.#parts;
  }

  #api(): AlertmanagerApi {
    const { api } = this.#on();
    if (api === null) throw new AppError('E_ALERTMANAGER_NOT_SET');
    return api;
  }

  /** Sends test alerts. */
  get tests(): TestAlerts {
    return this.#on().tests;
  }

  /** Groups in which something fires, the worst first. */
  firing(limit: number): readonly (FiringGroup & { readonly stored: StoredGroup })[] {
    const { incidents } = this.#on();
    return incidents.firingGroups(null, limit).flatMap((group) => {
      const stored = incidents.group(group.group);
      return stored === null ? [] : [{ ...group, stored }];
    });
  }

  /** What has ended within a day, newest first. */
  ended(limit: number): readonly StoredIncident[] {
    const { incidents, clock } = this.#on();
    return incidents.ended(null, clock.now() - dayMs, limit);
  }

  /** A group with its alerts, those that ended within a day too. Throws `E_ALERT_UNKNOWN`. */
  group(id: string, limit: number): ShownGroup {
    const { incidents, clock } = this.#on();
    const stored = incidents.group(id);
    if (stored === null) throw new AppError('E_ALERT_UNKNOWN', { target: id });
    return {
      stored,
      firing: incidents.firing(id, limit),
      ended: incidents.ended(id, clock.now() - dayMs, limit),
    };
  }

  /** What is known of a fingerprint, newest first. Throws `E_ALERT_UNKNOWN`. */
  ofFingerprint(
    fingerprint: string,
    limit: number,
  ): readonly [StoredIncident, ...StoredIncident[]] {
    const [first, ...others] = this.#on().incidents.ofFingerprint(fingerprint, limit);
    if (first === undefined) throw new AppError('E_ALERT_UNKNOWN', { target: fingerprint });
    return [first, ...others];
  }

  /** What fires under this id. Throws `E_ALERT_UNKNOWN` where nothing does. */
  firingOf(target: AlertTarget): readonly [StoredIncident, ...StoredIncident[]] {
    const { incidents } = this.#on();
    const found = isGroupId(target)
      ? incidents.firing(target, 1000)
      : incidents.ofFingerprint(target, 100).filter(({ state }) => state === 'firing');
    const [first, ...others] = found;
    if (first === undefined) throw new AppError('E_ALERT_UNKNOWN', { target });
    return [first, ...others];
  }

  /** Says who is on it. Throws `E_ALERT_UNKNOWN`. Returns how many alerts. */
  acknowledge(target: AlertTarget, by: string, note: string | null): number {
    const { database, incidents, messages, clock } = this.#on();
    const groups = new Set(this.firingOf(target).map(({ group }) => group));
    const fingerprint = isGroupId(target) ? null : target;
    const count = database.transaction(() => {
      let sum = 0;
      for (const group of groups) {
        sum += incidents.acknowledge(group, fingerprint, { by, at: clock.now(), note });
        messages.noteStale(group);
      }
      return sum;
    });
    this.onChange();
    return count;
  }

  /**
   * Conditions that fit exactly what the id names: all labels of an alert, or those of the group.
   * Throws `E_SILENCE_ELSEWHERE` where it is none of Alertmanager's.
   */
  matchersOf(target: AlertTarget): readonly Matcher[] {
    const [alert] = this.firingOf(target);
    const group = this.#on().incidents.group(alert.group);
    if (group?.source !== 'alertmanager') throw new AppError('E_SILENCE_ELSEWHERE', { target });
    return exactly(isGroupId(target) ? group.labels : alert.labels);
  }

  /** Silences that cover some of these, which fire in one group; none where Alertmanager does not have them. */
  async silencesOf(
    firing: readonly StoredIncident[],
    signal: AbortSignal,
  ): Promise<readonly Silencing[]> {
    const { api, incidents } = this.#on();
    const [first, ...others] = firing;
    const group = first === undefined ? null : incidents.group(first.group);
    if (api === null || first === undefined || group?.source !== 'alertmanager') return [];
    const { labels } = others.length === 0 ? first : group;
    const among = new Set(firing.map(({ fingerprint }) => fingerprint));
    return this.silencing(exactly(labels), among, signal);
  }

  /**
   * Silences that cover what Alertmanager has and the conditions fit. `among`: only these
   * fingerprints; null: all.
   */
  async silencing(
    matchers: readonly Matcher[],
    among: ReadonlySet<string> | null,
    signal: AbortSignal,
  ): Promise<readonly Silencing[]> {
    const api = this.#api();
    const counts = new Map<string, number>();
    for (const [fingerprint, ids] of await api.silencedBy(matchers, signal)) {
      if (among !== null && !among.has(fingerprint)) continue;
      for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    if (counts.size === 0) return [];
    return (await api.silences(signal)).flatMap((silence) => {
      const count = counts.get(silence.id) ?? 0;
      return count === 0 ? [] : [{ silence, count }];
    });
  }

  /** The quiet hours, if these are some; null: what comes now is told at once. */
  quietNow(): QuietHours | null {
    const { quietHours = null, clock } = this.#on();
    return quietHours !== null && isQuiet(quietHours, clock.now()) ? quietHours : null;
  }

  /** How many alerts that Alertmanager has these conditions fit; it judges, not our own reading. */
  covered(matchers: readonly Matcher[], signal: AbortSignal): Promise<number> {
    return Promise.resolve().then(async () => {
      return (await this.#api().fingerprints(signal, matchers)).size;
    });
  }

  silences(signal: AbortSignal): Promise<readonly Silence[]> {
    return Promise.resolve().then(() => this.#api().silences(signal));
  }

  putSilence(silence: NewSilence, signal: AbortSignal): Promise<string> {
    return Promise.resolve().then(async () => {
      const id = await this.#api().putSilence(silence, signal);
      this.silencesMade += 1;
      return id;
    });
  }

  expire(id: string, signal: AbortSignal): Promise<void> {
    return Promise.resolve().then(() => this.#api().expire(id, signal));
  }
}
