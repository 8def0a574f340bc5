import { request } from 'undici';
import { AppError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { AlertmanagerApi } from '../../platform/alertmanager/alertmanager-api.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AlertLookups } from '../../platform/store/alert-lookups.ts';
import type { Severity } from './severity.ts';

/** The name of every test alert; its own id stands in {@link testLabel}. */
export const testName = 'UrtcTest';
/** Marks an alert as a test. */
export const testLabel = 'urtc_test';

/** What test alerts are sent with. */
export interface TestAlertsParts {
  readonly api: Pick<AlertmanagerApi, 'report'> | null;
  /** The bot's own port and the bearer of its senders; null: this way is closed (TLS). */
  readonly intake: { readonly url: string; readonly token: Secret<string> } | null;
  readonly lookups: Pick<AlertLookups, 'firingNamed'>;
  readonly clock: Clock;
}

/** A test alert. */
export interface TestAlert {
  readonly id: string;
  readonly severity: Severity;
  /** What people read. */
  readonly text: string;
  /** ms since the epoch. */
  readonly startsAt: number;
}

/** If nobody ends it before; ms. Longer than groups are usually waited for (`group_wait`). */
const lastsMs = 120_000;
const lookEveryMs = 200;
const timeoutMs = 10_000;
/** Tests at the same time. */
const mostTests = 100;

/**
 * Sends an alert the way that every alert takes, from as far out as we can: Alertmanager where the
 * config names one, else the bot's own port with a sender's bearer.
 */
export class TestAlerts {
  readonly #parts: TestAlertsParts;

  constructor(parts: TestAlertsParts) {
    this.#parts = parts;
  }

  /** Where it begins. Throws `E_ALERTMANAGER_NOT_SET` where there is no way. */
  get way(): 'alertmanager' | 'intake' {
    const { api, intake } = this.#parts;
    if (api !== null) return 'alertmanager';
    if (intake !== null) return 'intake';
    throw new AppError('E_ALERTMANAGER_NOT_SET');
  }

  /** It fires, and ends by itself. Throws `E_ALERTMANAGER_*`. */
  begin(alert: TestAlert, signal: AbortSignal): Promise<void> {
    return this.#report(alert, alert.startsAt + lastsMs, 'firing', signal);
  }

  /** It is over now. Throws `E_ALERTMANAGER_*`. */
  end(alert: TestAlert, signal: AbortSignal): Promise<void> {
    return this.#report(alert, this.#parts.clock.now(), 'resolved', signal);
  }

  /** Whether it has come in. */
  hasArrived(id: string): boolean {
    return this.#parts.lookups
      .firingNamed(testName, mostTests)
      .some(({ labels }) => labels[testLabel] === id);
  }

  /** Waits until it has come in. False: not within this time (ms). Rejects when aborted. */
  async arrives(id: string, withinMs: number, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#parts;
    const until = clock.monotonic() + withinMs;
    while (!this.hasArrived(id)) {
      if (clock.monotonic() >= until) return false;
      await clock.sleep(lookEveryMs, signal);
    }
    return true;
  }

  async #report(
    { id, severity, text, startsAt }: TestAlert,
    endsAt: number,
    status: 'firing' | 'resolved',
    signal: AbortSignal,
  ): Promise<void> {
    const { api, intake } = this.#parts;
    const labels = { alertname: testName, severity, [testLabel]: id };
    const annotations = { summary: text };
    if (api !== null) {
      await api.report({ labels, annotations, startsAt, endsAt }, signal);
      return;
    }
    if (intake === null) throw new AppError('E_ALERTMANAGER_NOT_SET');
    const zero = '0001-01-01T00:00:00Z';
    const answer = await request(`${intake.url}/alerts/alertmanager`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${intake.token.reveal()}`,
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      body: JSON.stringify({
        version: '4',
        ...{ groupKey: `{}:{alertname="${testName}"}`, receiver: 'urtc-test', status },
        ...{ groupLabels: { alertname: testName }, commonLabels: labels, externalURL: '' },
        ...{ commonAnnotations: annotations, truncatedAlerts: 0 },
        alerts: [
          {
            ...{ status, labels, annotations, generatorURL: '' },
            startsAt: new Date(startsAt).toISOString(),
            endsAt: status === 'firing' ? zero : new Date(endsAt).toISOString(),
            fingerprint: id.padStart(16, '0'),
          },
        ],
      }),
    });
    await answer.body.dump();
    if (answer.statusCode !== 200) {
      throw new Error(`the bot's own port answers ${answer.statusCode}`);
    }
  }
}
