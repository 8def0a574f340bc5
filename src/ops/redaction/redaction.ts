import { masked, type Mask } from '../../core/mask.ts';
import { AppError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';

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
];

/** Masks by the house's own mask, and the release's Secrets on top. */
export function createRedaction(parts: {
  readonly mask: Pick<Mask, 'apply' | 'register'>;
  readonly kubernetes: Pick<Kubernetes, 'secret' | 'release' | 'namespace'>;
  readonly clock: Pick<Clock, 'now'>;
}): Redaction {
  const { mask, clock } = parts;
  let knownUntil = 0;
  let forget: readonly (() => void)[] = [];

  const learn = async (signal?: AbortSignal): Promise<void> => {
    const { release, namespace } = parts.kubernetes;
    const registered: (() => void)[] = [];
    for (const name of secretNames) {
      const values = await readable(() =>
        parts.kubernetes.secret({ namespace, name: `${release}-${name}` }, signal),
      );
      for (const value of values?.values() ?? []) {
        for (const part of partsOf(value.reveal())) {
          registered.push(mask.register(new Secret(part)));
        }
      }
    }
    for (const each of forget) each();
    forget = registered;
  };

  return {
    prepare: async (signal) => {
      if (clock.now() < knownUntil) return;
      await learn(signal);
      knownUntil = clock.now() + knownForMs;
    },
    apply: (text) => mask.apply(text),
  };
}

/** Null where we may not read it, or nobody answers: the shape of a secret has to do then. */
async function readable<Value>(read: () => Promise<Value | null>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** A key may be logged line by line; the lines of a config are no secrets by themselves. */
function partsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).filter((line) => /^[A-Za-z0-9+/=_-]{20,}$/.test(line));
  const whole = value.trim();
  return whole.length < shortest || whole === masked ? [] : [...new Set([whole, ...lines])];
}
