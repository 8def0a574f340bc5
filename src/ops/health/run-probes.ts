import { AppError } from '../../core/errors.ts';
import { say } from '../../core/text.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Gauges } from '../gauges/gauges.ts';
import type { StackState } from '../stack/state.ts';
import { probeApiCertificate, probeDisk, probeState } from './cluster-probes.ts';
import {
  type HttpProbeParts,
  probeCalls,
  probeElementWeb,
  probeFederation,
  probeKeyServer,
  probeMas,
  probeSynapse,
  probeWellKnownClient,
  probeWellKnownServer,
} from './http-probes.ts';
import {
  type HttpProbeId,
  httpProbeIds,
  type Probed,
  type ProbeId,
  probeIds,
  type ProbeResult,
} from './probe.ts';

/** What the probes need. */
export interface ProbeParts {
  readonly gauges: Gauges;
  readonly state: StackState;
  readonly serverName: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

type Probe = () => Promise<ProbeResult>;

/**
 * Runs all probes side by side, each bounded in time; none of them runs or makes anything in the
 * cluster. Throws the signal's reason.
 */
export async function runProbes(parts: ProbeParts): Promise<readonly Probed[]> {
  const { gauges, state, clock, signal } = parts;
  const now = clock.now();
  const probes: Readonly<Record<ProbeId, Probe>> = {
    ...httpProbes(parts),
    components: () => Promise.resolve(probeState('components', state, now)),
    nodes: () => Promise.resolve(probeState('nodes', state, now)),
    volumes: () => Promise.resolve(probeState('volumes', state, now)),
    certificates: () => Promise.resolve(probeState('certificates', state, now)),
    'api-certificate': async () => probeApiCertificate(await gauges.apiCertificate(signal), now),
    disk: async () => probeDisk(await gauges.disk(signal)),
  };
  return Promise.all(probeIds.map((id) => timed(id, probes[id], clock)));
}

/** Runs those of the probes that ask over HTTP. Throws the signal's reason. */
export async function runHttpProbes(parts: ProbeParts): Promise<readonly Probed[]> {
  const probes = httpProbes(parts);
  return Promise.all(httpProbeIds.map((id) => timed(id, probes[id], parts.clock)));
}

function httpProbes(parts: ProbeParts): Readonly<Record<HttpProbeId, Probe>> {
  const { gauges, state, serverName, clock, signal } = parts;
  const { components, data } = state.stack;
  const hasCalls = components.some(({ kind }) => kind.key === 'sfu');
  const isUnread = data.unread.includes('Service');
  const { endpoints } = gauges;
  const now = clock.now();
  const http: HttpProbeParts = { endpoints, serverName, hasCalls, isUnread, now, signal };
  return {
    synapse: () => probeSynapse(http),
    federation: () => probeFederation(http),
    'key-server': () => probeKeyServer(http),
    'well-known-client': () => probeWellKnownClient(http),
    'well-known-server': () => probeWellKnownServer(http),
    mas: () => probeMas(http),
    calls: () => probeCalls(http),
    'element-web': () => probeElementWeb(http),
  };
}

async function timed(id: ProbeId, probe: Probe, clock: Clock): Promise<Probed> {
  const begun = clock.monotonic();
  const result = await probe().catch((error: unknown): ProbeResult => {
    // What can't be measured is not well: the cluster may be what is down.
    if (!(error instanceof AppError)) throw error;
    const { code, params } = error;
    return { is: 'problem', detail: say(code, params), next: say(`${code}.next`, params) };
  });
  return { id, result, tookMs: clock.monotonic() - begun };
}
