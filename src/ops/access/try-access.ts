import { AppError } from '../../core/errors.ts';
import type { AccessQuestion, Kubernetes } from '../../platform/kubernetes/port.ts';
import { neededRights, tooMuch, type NeededRight } from './needed-rights.ts';

/** What came of knocking at the API server. */
export type Access =
  /** It does not let us in, or is not there. */
  | { readonly is: 'refused'; readonly problem: AppError }
  | {
      readonly is: 'in';
      /** Who we are to it. */
      readonly identity: string;
      /** The API server's, e.g. `v1.36.4+k3s1`. */
      readonly version: string;
      readonly missing: readonly NeededRight[];
      /** What we may and should not. */
      readonly excess: readonly NeededRight[];
    };

type Port = Pick<Kubernetes, 'identity' | 'version' | 'can' | 'namespace'>;

/** So many questions are open at a time. */
const sideBySide = 8;

/**
 * Tries the credentials and asks for every right that the commands need: some thirty small
 * requests, none of which changes anything. Throws the signal's reason.
 */
export async function tryAccess(kubernetes: Port, signal: AbortSignal): Promise<Access> {
  try {
    const identity = await kubernetes.identity(signal);
    const version = await kubernetes.version(signal);
    const may = await answers(kubernetes, [...neededRights, ...tooMuch], signal);
    return {
      ...{ is: 'in', identity, version },
      missing: neededRights.filter((right) => may.get(right) !== true),
      excess: tooMuch.filter((right) => may.get(right) === true),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) return { is: 'refused', problem: error };
    throw error;
  }
}

async function answers(
  kubernetes: Port,
  rights: readonly NeededRight[],
  signal: AbortSignal,
): Promise<ReadonlyMap<NeededRight, boolean>> {
  const may = new Map<NeededRight, boolean>();
  const open = [...rights];
  const ask = async (): Promise<void> => {
    for (let right = open.shift(); right !== undefined; right = open.shift()) {
      may.set(right, await kubernetes.can(questionOf(right, kubernetes), signal));
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, ask));
  return may;
}

function questionOf(right: NeededRight, { namespace }: Pick<Port, 'namespace'>): AccessQuestion {
  const { where, ...question } = right;
  return where === 'release' ? { ...question, namespace } : question;
}
