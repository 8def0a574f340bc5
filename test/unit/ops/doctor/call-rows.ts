import type { FakeCluster } from '../../../fakes/cluster.ts';
import { crashing, ingressOf, lookupLine, type Row } from './row.ts';
import { known, podLog } from './well-facts.ts';

const sfuService = (cluster: FakeCluster, nodePort: number): void => {
  const found = cluster.view.get('Service', { name: 'ess-matrix-rtc-sfu-tcp' }).value;
  if (found === null) throw new Error('no Service of the SFU');
  cluster.view.put('Service', { ...found, ports: found.ports.map((p) => ({ ...p, nodePort })) });
};

/** Troubles of calls: each known signature of the stack's own troubleshooting guide and threads. */
export const callRows: readonly Row[] = [
  {
    name: 'MISSING_MATRIX_RTC_FOCUS: nothing names the calls',
    facts: { wellKnown: known({ status: 200, foci: [] }) },
    ...{
      check: 'calls-announced',
      severity: 'broken',
      seen: 'names none',
      fix: 'matrixRTC.enabled',
    },
  },
  {
    name: 'MISSING_MATRIX_RTC_FOCUS: there is no such document',
    facts: { wellKnown: known({ status: 404, foci: null }) },
    ...{ check: 'calls-announced', severity: 'broken', seen: 'status 404' },
    fix: 'wellKnownDelegation.enabled',
  },
  {
    name: 'the document names the calls of somebody else',
    facts: { wellKnown: known({ status: 200, foci: ['https://livekit.other.org', 'no url'] }) },
    ...{ check: 'calls-announced', severity: 'warning', seen: 'mrtc.example.org' },
    fix: 'matrixRTC.ingress.host',
  },
  {
    name: 'the authoriser can not look up users (hairpin)',
    facts: (well) => ({ logs: { ...well.logs, 'rtc-auth': podLog('x', lookupLine, 'y') } }),
    ...{ check: 'calls-lookup', severity: 'broken', seen: 'Failed to look up user info' },
    fix: 'straight to Traefik',
  },
  {
    name: 'the newer authoriser says the same in JSON',
    facts: (well) => ({
      logs: { ...well.logs, 'rtc-auth': podLog('{"errcode":"M_LOOKUP_FAILED"}') },
    }),
    ...{ check: 'calls-lookup', severity: 'broken', seen: 'M_LOOKUP_FAILED', fix: 'Traefik' },
  },
  {
    name: 'the SFU crashes without a word (STUN)',
    facts: { sfuCrashes: podLog('', '  ') },
    cluster: crashing,
    ...{ check: 'calls-stun', severity: 'broken', seen: 'without a word', fix: 'STUN server' },
  },
  {
    name: 'the SFU crashes and says why (STUN)',
    facts: {
      sfuCrashes: podLog('could not validate RTC config: could not resolve external IP: deadline'),
    },
    cluster: crashing,
    ...{ check: 'calls-stun', severity: 'broken', seen: 'external IP', fix: 'STUN server' },
  },
  {
    name: 'waiting for media: the SFU tells an address of the house',
    facts: { sfuAddress: known({ useExternalIp: false, nodeIp: '192.168.1.10' }) },
    ...{ check: 'calls-media', severity: 'broken', seen: '192.168.1.10', fix: 'manualIP' },
  },
  {
    name: 'waiting for media: the SFU tells the address of its pod',
    facts: { sfuAddress: known({ useExternalIp: false, nodeIp: null }) },
    ...{ check: 'calls-media', severity: 'broken', seen: 'STUN is off', fix: 'STUN' },
  },
  {
    name: 'waiting for media: another port on the node than the SFU tells',
    facts: {},
    cluster: (cluster) => {
      sfuService(cluster, 31234);
    },
    ...{ check: 'calls-media', severity: 'broken', seen: '31234', fix: 'the same number' },
  },
  {
    name: 'waiting for media: no port is open',
    facts: {},
    cluster: ({ view }) => {
      for (const name of ['tcp', 'muxed-udp']) view.remove('Service', `ess-matrix-rtc-sfu-${name}`);
    },
    ...{ check: 'calls-media', severity: 'broken', seen: 'none of its ports', fix: 'rtcTcp' },
  },
  {
    name: 'the host of the calls has no TLS',
    facts: {},
    cluster: (cluster) => {
      cluster.view.put('Ingress', { ...ingressOf(cluster, 'matrix-rtc'), tls: [] });
    },
    ...{ check: 'host-certificates', severity: 'broken', seen: 'no TLS for mrtc.example.org' },
    fix: 'tlsEnabled',
  },
  {
    name: 'no certificate was ordered for the host of the calls',
    facts: {},
    cluster: ({ view }) => {
      view.remove('Certificate', 'ess-matrix-rtc-certmanager-tls');
    },
    ...{ check: 'host-certificates', severity: 'broken', seen: 'names mrtc.example.org' },
    fix: 'certManager',
  },
];
