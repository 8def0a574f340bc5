import { BlockList, isIP } from 'node:net';
import { say, type Text } from '../../core/text.ts';
import type { StackState } from '../stack/state.ts';
import type { Facts, SfuAddress } from './facts.ts';
import { onFact, type Finding, type Verdict } from './finding.ts';

const inside = new BlockList();
for (const [network, prefix] of [
  // RFC 1918, 6598 (carrier-grade NAT), 3927, 1122.
  ...([
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
  ] as const),
  ...([
    ['169.254.0.0', 16],
    ['127.0.0.0', 8],
  ] as const),
] as const) {
  inside.addSubnet(network, prefix, 'ipv4');
}
// RFC 4193, 4291.
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');
inside.addAddress('::1', 'ipv6');

/** Whether an address means nothing in the internet. False for what is no address. */
export function isInsideAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && inside.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

const stun = `matrixRTC:
  sfu:
    useStunToDiscoverPublicIP: true
`;

function waiting(seen: Text, fix: Text, values: string | null): Finding {
  return {
    ...{ check: 'calls-media', severity: 'broken', seen, fix, values },
    title: say('doctor.calls-media'),
    cause: say('doctor.calls-media.cause'),
  };
}

function ofAddress({ useExternalIp, nodeIp }: SfuAddress): readonly Finding[] {
  if (useExternalIp !== false) return [];
  const fix = say('doctor.calls-media.address-fix');
  if (nodeIp === null) return [waiting(say('doctor.calls-media.no-address'), fix, stun)];
  if (!isInsideAddress(nodeIp)) return [];
  return [waiting(say('doctor.calls-media.inside', { address: nodeIp }), fix, stun)];
}

function ofServices({ stack }: StackState): readonly Finding[] {
  const sfu = stack.components.find(({ kind }) => kind.key === 'sfu');
  if (sfu === undefined) return [];
  const services = stack.services.filter(
    ({ labels, type }) =>
      labels['app.kubernetes.io/component'] === 'matrix-rtc-voip-server' &&
      (type === 'NodePort' || type === 'LoadBalancer'),
  );
  const onHost = sfu.workload.containers.some(({ ports }) =>
    ports.some(({ hostPort }) => hostPort !== null),
  );
  if (services.length === 0 && !onHost) {
    const fix = say('doctor.calls-media.expose-fix');
    return [waiting(say('doctor.calls-media.closed'), fix, null)];
  }
  return services.flatMap(({ name, type, ports, labels }) =>
    ports
      // Those of its TURN server are announced otherwise.
      .filter(() => labels['app.kubernetes.io/name'] === 'matrix-rtc-sfu-rtc')
      // The SFU tells clients the number of its own port (sfu_rtc_tcp_service.yaml of the chart).
      .filter(({ port, nodePort }) => type === 'NodePort' && nodePort !== null && nodePort !== port)
      .map(({ port, nodePort }) => {
        const seen = say('doctor.calls-media.ports', {
          ...{ service: name, port: String(port), nodePort: String(nodePort) },
        });
        return waiting(seen, say('doctor.calls-media.ports-fix'), null);
      }),
  );
}

/**
 * "Waiting for media": the call is set up, but its pictures and sound find no way (ess-helm#681,
 * #983). Told by what the SFU says of its address, and by its Services.
 */
export function checkMedia({ sfuAddress, state }: Facts): Verdict {
  const address = onFact(sfuAddress, ofAddress);
  const services = onFact(state, ofServices);
  // No config of it to be read is no reason not to look at the Services.
  const findings = [address, services].flatMap((each) => (each.is === 'made' ? each.findings : []));
  if (findings.length > 0) return { is: 'made', findings };
  if (
    state.is === 'known' &&
    !state.value.stack.components.some(({ kind }) => kind.key === 'sfu')
  ) {
    return { is: 'needless' };
  }
  return address.is === 'unmade' ? address : services;
}
