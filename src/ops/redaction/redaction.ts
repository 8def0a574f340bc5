import { masked, type Mask } from '../../core/mask.ts';
import { AppError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import { maskGenerated } from './generated-values.ts';

/** What texts of the cluster pass through before anybody sees them. */
export interface Redaction {
  /**
   * Learns the values of the release's own Secrets, where our identity may read them: call it before
   * `apply`. Where it may not, what has the shape of a secret is masked all the same.
   */
  prepare(signal?: AbortSignal): Promise<void>;
  /** The text without secrets. Give it whole texts, not line by line: keys have several lines. */
  apply(text: string): string;
}

/** Values are read again after that long (ms). */
const knownForMs = 10 * 60 * 1000;
/** And where nobody answered, after that long. */
const triedForMs = 10 * 1000;
/** Shorter values are names and numbers rather than secrets. */
const shortest = 8;

/** Secrets that the chart makes (`init-secrets`) or fills from the values, without their release. */
const secretNames = [
  'generated',
  'synapse',
  'matrix-authentication-service',
  'matrix-rtc-sfu',
  'matrix-rtc-authorisation-service',
  'postgres',
  'hookshot',
];

/** Masks by the house's own mask, the release's Secrets, and the shape of what the chart makes up. */
export function createRedaction(parts: {
  readonly mask: Pick<Mask, 'apply' | 'register'>;
  readonly kubernetes: Pick<Kubernetes, 'secret' | 'release' | 'namespace'>;
  readonly clock: Pick<Clock, 'now'>;
}): Redaction {
  const { mask, clock } = parts;
  let knownUntil = 0;
  /** By the Secret's name: what takes its values out of the mask. */
  const forget = new Map<string, readonly (() => void)[]>();

  /** Whether it was answered. What was known before stays known until there is something newer. */
  const learn = async (name: string, signal?: AbortSignal): Promise<boolean> => {
    const { release, namespace } = parts.kubernetes;
    try {
      const read = { namespace, name: `${release}-${name}` };
      const values = await parts.kubernetes.secret(read, signal);
      const old = forget.get(name) ?? [];
      const found = [...(values?.values() ?? [])].flatMap((value) => partsOf(value.reveal()));
      forget.set(
        name,
        found.map((part) => mask.register(new Secret(part))),
      );
      for (const each of old) each();
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.code === 'E_KUBERNETES_FORBIDDEN';
    }
  };

  return {
    prepare: async (signal) => {
      if (clock.now() < knownUntil) return;
      let isComplete = true;
      for (const name of secretNames) {
        isComplete = (await learn(name, signal)) && isComplete;
      }
      knownUntil = clock.now() + (isComplete ? knownForMs : triedForMs);
    },
    apply: (text) => maskGenerated(mask.apply(text)),
  };
}

/** A key may be logged line by line; the lines of a config are no secrets by themselves. */
function partsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).filter((line) => /^[A-Za-z0-9+/=_-]{20,}$/.test(line));
  const whole = value.trim();
  return whole.length < shortest || whole === masked ? [] : [...new Set([whole, ...lines])];
}
