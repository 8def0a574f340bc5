import { parse } from 'yaml';
import { z } from 'zod';
import { say } from '../../core/text.ts';
import type { EndpointName, Endpoints } from '../../platform/endpoints/endpoint.ts';
import type { Kubernetes } from '../../platform/kubernetes/port.ts';
import type { ClientWellKnown, SfuAddress, SigningKeys } from './facts.ts';
import type { Fact } from './finding.ts';

/** A whole exchange may take as long, ms. */
const timeoutMs = 5000;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Whoever reads it finds that it is none.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function ask(
  endpoints: Endpoints,
  name: EndpointName,
  request: { readonly path: string; readonly host?: string },
  signal: AbortSignal,
) {
  return endpoints.ask(name, { ...request, timeoutMs, signal });
}

const keys = z.record(z.string(), z.looseObject({ key: z.string() }));
const keyServer = z.looseObject({ verify_keys: keys, old_verify_keys: keys.default({}) });

const byId = (found: z.output<typeof keys>): ReadonlyMap<string, string> =>
  new Map(Object.entries(found).map(([id, { key }]) => [id, key]));

/** What other home servers are told; unknown where it is no such answer. Throws `E_ENDPOINT_*`. */
export async function readSigningKeys(
  endpoints: Endpoints,
  signal: AbortSignal,
): Promise<Fact<SigningKeys>> {
  const path = '/_matrix/key/v2/server';
  const { status, text } = await ask(endpoints, 'synapse', { path }, signal);
  const found = keyServer.safeParse(status === 200 ? jsonOf(text) : null);
  if (!found.success) {
    const params = { path, status: String(status) };
    return { is: 'unknown', why: say('doctor.signing-key.unread', params) };
  }
  const { verify_keys: current, old_verify_keys: old } = found.data;
  return { is: 'known', value: { current: byId(current), old: byId(old) } };
}

const rtcFoci = 'org.matrix.msc4143.rtc_foci';
const wellKnown = z.looseObject({
  [rtcFoci]: z.array(z.looseObject({ livekit_service_url: z.string().default('') })).default([]),
});

/** What clients are told at the server name; throws `E_ENDPOINT_*`. */
export async function readClientWellKnown(
  endpoints: Endpoints,
  serverName: string,
  signal: AbortSignal,
): Promise<ClientWellKnown> {
  const request = { path: '/.well-known/matrix/client', host: serverName };
  const { status, text } = await ask(endpoints, 'well-known', request, signal);
  const found = wellKnown.safeParse(jsonOf(text));
  const foci = found.success ? found.data[rtcFoci].map((each) => each.livekit_service_url) : null;
  return { status, foci };
}

const rtc = z.looseObject({
  use_external_ip: z.boolean().nullish(),
  node_ip: z.string().nullish(),
});
const liveKit = z.looseObject({ rtc: rtc.nullish() });

function yamlOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // A config that LiveKit can't read either: its log says so.
    return null;
  }
}

/** The SFU's config as the chart has made it; null: there is none. Throws what the port throws. */
export async function readSfuAddress(
  kubernetes: Pick<Kubernetes, 'configMap' | 'release' | 'namespace'>,
  signal: AbortSignal,
): Promise<SfuAddress | null> {
  const { release, namespace } = kubernetes;
  const files = await kubernetes.configMap(
    { namespace, name: `${release}-matrix-rtc-sfu` },
    signal,
  );
  if (files === null) return null;
  // The later one wins (the chart's render-config).
  const found: z.output<typeof rtc> = {};
  for (const name of ['config-underrides.yaml', 'config-overrides.yaml']) {
    const read = liveKit.safeParse(yamlOf(files.get(name) ?? ''));
    if (read.success) Object.assign(found, read.data.rtc);
  }
  return { useExternalIp: found.use_external_ip ?? null, nodeIp: found.node_ip ?? null };
}
