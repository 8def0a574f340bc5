import { AppError } from '../../core/errors.ts';
import type { AlertmanagerApi } from '../../platform/alertmanager/alertmanager-api.ts';
import type { Evidence } from './incident.ts';

/** Says of a fingerprint whether Alertmanager has it. */
export type Witness = (fingerprint: string) => Evidence;

/** Nobody was asked, or nobody answered. */
export const noWitness: Witness = () => 'unknown';

/** Whom to ask. */
export interface WitnessParts {
  /** Null: there is none to ask. */
  readonly api: Pick<AlertmanagerApi, 'fingerprints' | 'startedAt'> | null;
  /** So long (ms) after its start Alertmanager may not have been told of everything again. */
  readonly trustAfterMs: number;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Why it could not be asked. */
  readonly onFailure: (error: AppError) => void;
}

/**
 * Alertmanager's list as it is now. That it has not an alert means nothing for some minutes after its
 * start: it keeps no alerts, Prometheus tells it of them again every minute. Never rejects for want
 * of an answer.
 */
export async function callWitness(parts: WitnessParts, signal: AbortSignal): Promise<Witness> {
  const { api, trustAfterMs, now, onFailure } = parts;
  if (api === null) return noWitness;
  try {
    // In this order: a start in between makes the list look young, not complete.
    const present = await api.fingerprints(signal);
    const isComplete = now() - (await api.startedAt(signal)) >= trustAfterMs;
    return (fingerprint) => {
      if (present.has(fingerprint)) return 'active';
      return isComplete ? 'absent' : 'unknown';
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    onFailure(error);
    return noWitness;
  }
}
