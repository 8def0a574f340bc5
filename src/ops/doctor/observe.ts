import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import { tryAccess } from '../access/try-access.ts';
import type { Gauges } from '../gauges/gauges.ts';
import { runHttpProbes } from '../health/run-probes.ts';
import type { Redaction } from '../redaction/redaction.ts';
import { entryServices } from '../stack/router-table.ts';
import { settleView } from '../stack/settle-view.ts';
import { readStack } from '../stack/stack.ts';
import { judgeStack, type StackState } from '../stack/state.ts';
import type { Facts, ReadLog } from './facts.ts';
import type { Fact } from './finding.ts';
import type { Machine, OwnState } from './machine.ts';
import { readPodLogs, type LogParts } from './observe-logs.ts';
import { readClientWellKnown, readSfuAddress, readSigningKeys } from './observe-answers.ts';

/** What the facts are gathered with. */
export interface ObserveParts {
  readonly kubernetes: Kubernetes;
  readonly gauges: Gauges;
  readonly machine: Machine;
  readonly redaction: Redaction;
  readonly serverName: string;
  /** What keeps the bot from starting; missing: nothing. */
  readonly start?: AppError;
  /** Missing: nobody can say. */
  readonly ownState?: () => Promise<OwnState>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const none = { is: 'none' } as const;

/** Looks for a fact; null: there is none. What fails is told, but what is no failure of ours is thrown. */
async function look<Value>(find: () => Promise<Value | null>): Promise<Fact<Value>> {
  try {
    const value = await find();
    return value === null ? none : { is: 'known', value };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { is: 'unknown', why: say(error.code, error.params) };
  }
}

/**
 * Gathers all facts, side by side. It asks and reads, and neither makes nor runs anything; one that
 * can't be found out says why. Throws the signal's reason.
 */
export async function observe(parts: ObserveParts): Promise<Facts> {
  const { kubernetes, gauges, machine, ownState, clock, serverName, signal } = parts;
  const [own, helm] = await Promise.all([
    look(async () => (ownState === undefined ? null : ownState())),
    look(() => machine.helmVersion(signal)),
  ]);
  const ofMachine = {
    ...{ now: clock.now(), serverName, start: parts.start ?? null },
    files: { is: 'known', value: machine.ownFiles() },
    ...{ own, helm },
  } as const;
  if (!gauges.isConfigured) {
    const why = { is: 'unknown', why: say('doctor.no-cluster') } as const;
    return {
      ...ofMachine,
      ...{ access: why, state: why, answers: why, signingKeys: why, wellKnown: why },
      ...{ sfuCrashes: why, sfuAddress: why, apiCertificate: why, disk: why, neighbours: why },
      logs: { 'rtc-auth': why, postgres: why, synapse: why },
      entryAddress: null,
    };
  }
  const [access, state] = await Promise.all([
    look(() => tryAccess(kubernetes, signal)),
    look(() => currentState(parts)),
  ]);
  const [ofCluster, ofRelease] = await Promise.all([
    measured(parts),
    state.is === 'known' ? ofStack(parts, state.value) : hiddenStack(state),
  ]);
  return { ...ofMachine, access, state, ...ofCluster, ...ofRelease };
}

/** The release as it is now. Throws where only the past is known: it would be told as the present. */
async function currentState({ kubernetes, clock, signal }: ObserveParts): Promise<StackState> {
  await settleView(kubernetes.view, signal);
  const stack = readStack(kubernetes);
  const { data } = stack;
  if (data.is === 'fresh') return judgeStack(stack, clock.now());
  throw data.problem ?? new AppError('E_KUBERNETES_UNREACHABLE', await silence(kubernetes));
}

async function silence(kubernetes: Kubernetes) {
  return { url: await kubernetes.url(), reason: say('kubernetes.unready') };
}

/** What does not depend on the release. */
async function measured({ gauges, kubernetes, signal }: ObserveParts) {
  const [keys, apiCertificate, disk, neighbours, entry] = await Promise.all([
    // Answered at `homeserver.url`, whatever the cluster does.
    look(() => readSigningKeys(gauges.endpoints, signal)),
    look(() => gauges.apiCertificate(signal)),
    look(() => gauges.disk(signal)),
    look(() => gauges.neighbours(signal)),
    look(() => entryServices(kubernetes, signal)),
  ]);
  const services = entry.is === 'known' ? entry.value : [];
  const entryAddress = services.find(({ clusterIP }) => clusterIP !== null)?.clusterIP ?? null;
  const signingKeys = keys.is === 'known' ? keys.value : keys;
  return { signingKeys, apiCertificate, disk, neighbours, entryAddress };
}

type OfStack = Pick<Facts, 'answers' | 'wellKnown' | 'logs' | 'sfuCrashes' | 'sfuAddress'>;

/** Nothing is asked of a release that can't be seen: what answers might be something else. */
function hiddenStack(state: Exclude<Fact<StackState>, { is: 'known' }>): OfStack {
  return {
    ...{ answers: state, wellKnown: state, sfuCrashes: state, sfuAddress: state },
    logs: { 'rtc-auth': state, postgres: state, synapse: state },
  };
}

async function ofStack(parts: ObserveParts, state: StackState): Promise<OfStack> {
  const { kubernetes, gauges, redaction, serverName, clock, signal } = parts;
  const { endpoints } = gauges;
  const logParts: LogParts = { kubernetes, redaction, now: clock.now(), signal };
  const has = (key: string) => state.stack.components.some(({ kind }) => kind.key === key);
  const logOf = (key: ReadLog) =>
    look(async () => (has(key) ? readPodLogs(logParts, key, 'now') : null));
  const crashes = state.problems.some(
    ({ subject, problem }) =>
      subject.is === 'component' && subject.key === 'sfu' && problem.is === 'crash-loop',
  );
  const lastRun = async () => (crashes ? readPodLogs(logParts, 'sfu', 'crashed') : []);
  await redaction.prepare(signal);
  const probeParts = { gauges, state, serverName, clock, signal };
  const [answers, wellKnown, sfuAddress, sfuCrashes, auth, postgres, synapse] = await Promise.all([
    look(() => runHttpProbes(probeParts)),
    look(async () => (has('sfu') ? readClientWellKnown(endpoints, serverName, signal) : null)),
    look(async () => (has('sfu') ? readSfuAddress(kubernetes, signal) : null)),
    look(async () => (has('sfu') ? lastRun() : null)),
    logOf('rtc-auth'),
    logOf('postgres'),
    logOf('synapse'),
  ]);
  const logs = { 'rtc-auth': auth, postgres, synapse };
  return { answers, wellKnown, sfuAddress, sfuCrashes, logs };
}
