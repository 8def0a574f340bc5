import type { Log } from '../../core/log.ts';
import { callWitness, type Witness } from '../../ops/alerts/evidence.ts';
import type { AlertmanagerApi } from '../../platform/alertmanager/alertmanager-api.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Settings } from '../../platform/config/schema.ts';

/** Whom a bot asks, and how long after its start it is not believed. */
export interface AlertWitnessParts {
  /** The section `alerts` of the config. */
  readonly settings: Pick<NonNullable<Settings['alerts']>, 'alertmanager'>;
  /** Null: the config names none. */
  readonly api: AlertmanagerApi | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks the Alertmanager of the config for its list, as it is at each call. */
export function createAlertWitness({
  settings,
  api,
  clock,
  log,
}: AlertWitnessParts): (signal: AbortSignal) => Promise<Witness> {
  const parts = {
    api,
    trustAfterMs: (settings.alertmanager?.trustAfterSeconds ?? 0) * 1000,
    now: () => clock.now(),
    onFailure: (error: Error) => {
      log.warn({ err: error }, 'Alertmanager can not be asked');
    },
  };
  return (signal) => callWitness(parts, signal);
}
