import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { say, type Text } from '../../core/text.ts';
import type {
  EndpointAnswer,
  EndpointName,
  EndpointRequest,
  Endpoints,
} from '../../platform/endpoints/endpoint.ts';
import type { ProbeResult } from './probe.ts';

/** What the probes over HTTP need. */
export interface HttpProbeParts {
  readonly endpoints: Endpoints;
  readonly serverName: string;
  /** Whether calls are installed: then clients must be told of them. */
  readonly hasCalls: boolean;
  /** Whether Services were never read: then nobody knows which there are. */
  readonly isUnread: boolean;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** A whole exchange may take as long, ms. */
const timeoutMs = 5000;

const ok = (detail: Text): ProbeResult => ({ is: 'ok', detail });
const problem = (detail: Text, next: Text): ProbeResult => ({ is: 'problem', detail, next });

function jsonOf<Value>(schema: z.ZodType<Value>, text: string): Value | null {
  const parsed = z
    .string()
    .transform((raw, context): unknown => {
      try {
        return JSON.parse(raw);
      } catch {
        // No JSON is one of the things that are looked for here.
        context.addIssue({ code: 'custom', message: 'no JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema)
    .safeParse(text);
  return parsed.success ? parsed.data : null;
}

/** Endpoints that probes ask, and the component whose log says more, as a person types it. */
const logOf = {
  synapse: 'synapse',
  mas: 'mas',
  'well-known': 'haproxy',
  'rtc-auth': 'rtc-auth',
  'element-web': 'element-web',
} as const satisfies { readonly [Name in EndpointName]?: string };
type ProbedEndpoint = keyof typeof logOf;

const lookAt = (name: ProbedEndpoint): Text =>
  say('health.status.next', { component: logOf[name] });

/** What to do where no answer came. */
function nextOf(name: ProbedEndpoint, { code, params }: AppError): Text {
  if (code === 'E_ENDPOINT_UNREACHABLE') return lookAt(name);
  // Off by default (`portForward` of deploy/rbac): applying the same rules again would not help.
  const isForward = code === 'E_KUBERNETES_FORBIDDEN' && params['resource'] === 'pods/portforward';
  return isForward ? say('health.no-way.next') : say(`${code}.next`, params);
}

/** Asks one endpoint; `judge` gives null for an answer that is not the expected one. */
async function asked(
  { endpoints, isUnread, signal }: HttpProbeParts,
  name: ProbedEndpoint,
  request: Omit<EndpointRequest, 'timeoutMs' | 'signal'>,
  judge: (answer: EndpointAnswer) => ProbeResult | null,
): Promise<ProbeResult> {
  if (!endpoints.has(name)) {
    return { is: 'skipped', detail: say(isUnread ? 'health.unknown' : 'health.not-there') };
  }
  try {
    const answer = await endpoints.ask(name, { ...request, timeoutMs, signal });
    const status = String(answer.status);
    return judge(answer) ?? problem(say('health.status', { status }), lookAt(name));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return problem(say(error.code, error.params), nextOf(name, error));
  }
}

const versions = z.object({ versions: z.array(z.string()).min(1) });

/** Synapse answers clients. */
export function probeSynapse(parts: HttpProbeParts): Promise<ProbeResult> {
  return asked(parts, 'synapse', { path: '/_matrix/client/versions' }, (answer) => {
    const found = answer.status === 200 ? jsonOf(versions, answer.text) : null;
    if (found === null) return null;
    return ok(say('health.versions', { newest: found.versions.at(-1) ?? '' }));
  });
}

const serverVersion = z.object({ server: z.object({ name: z.string(), version: z.string() }) });

/** Synapse answers other home servers. */
export function probeFederation(parts: HttpProbeParts): Promise<ProbeResult> {
  return asked(parts, 'synapse', { path: '/_matrix/federation/v1/version' }, (answer) => {
    const found = answer.status === 200 ? jsonOf(serverVersion, answer.text) : null;
    if (found === null) return null;
    return ok(`${found.server.name} ${found.server.version}`);
  });
}

const keys = z.object({
  server_name: z.string(),
  valid_until_ts: z.number(),
  verify_keys: z.record(z.string(), z.object({ key: z.string() })),
});

/** The signing keys that other home servers ask for (Matrix spec, server-server API, 3). */
export function probeKeyServer(parts: HttpProbeParts): Promise<ProbeResult> {
  return asked(parts, 'synapse', { path: '/_matrix/key/v2/server' }, (answer) => {
    const found = answer.status === 200 ? jsonOf(keys, answer.text) : null;
    if (found === null) return null;
    const ids = Object.keys(found.verify_keys);
    if (ids.length === 0) return problem(say('health.no-keys'), say('health.no-keys.next'));
    if (found.server_name !== parts.serverName) {
      const names = { found: found.server_name, expected: parts.serverName };
      return problem(say('health.other-server', names), say('health.other-server.next'));
    }
    if (found.valid_until_ts <= parts.now) {
      return problem(say('health.keys-expired'), say('health.keys-expired.next'));
    }
    return ok(ids.join(', '));
  });
}

const client = z.looseObject({
  'm.homeserver': z.object({ base_url: z.string().min(1) }),
  'org.matrix.msc4143.rtc_foci': z.array(z.looseObject({ type: z.string() })).optional(),
});

/** How clients find the home server, and where calls are (without it: MISSING_MATRIX_RTC_FOCUS). */
export function probeWellKnownClient(parts: HttpProbeParts): Promise<ProbeResult> {
  const request = { path: '/.well-known/matrix/client', host: parts.serverName };
  return asked(parts, 'well-known', request, (answer) => {
    const found = answer.status === 200 ? jsonOf(client, answer.text) : null;
    if (found === null) return null;
    const foci = found['org.matrix.msc4143.rtc_foci'] ?? [];
    if (parts.hasCalls && foci.length === 0) {
      return problem(say('health.no-foci'), say('health.no-foci.next'));
    }
    return ok(found['m.homeserver'].base_url);
  });
}

const server = z.looseObject({ 'm.server': z.string().min(1) });

/** How other home servers find this one. */
export function probeWellKnownServer(parts: HttpProbeParts): Promise<ProbeResult> {
  const request = { path: '/.well-known/matrix/server', host: parts.serverName };
  return asked(parts, 'well-known', request, (answer) => {
    const found = answer.status === 200 ? jsonOf(server, answer.text) : null;
    return found === null ? null : ok(found['m.server']);
  });
}

const discovery = z.looseObject({ issuer: z.string().min(1) });

/** Discovery of the authentication service: without it nobody logs in. */
export function probeMas(parts: HttpProbeParts): Promise<ProbeResult> {
  return asked(parts, 'mas', { path: '/.well-known/openid-configuration' }, (answer) => {
    const found = answer.status === 200 ? jsonOf(discovery, answer.text) : null;
    return found === null ? null : ok(found.issuer);
  });
}

/** The authorisation service for calls takes only POST there: 405 shows that it is it, and well. */
export function probeCalls(parts: HttpProbeParts): Promise<ProbeResult> {
  return asked(parts, 'rtc-auth', { path: '/sfu/get' }, (answer) =>
    answer.status === 405 ? ok(say('health.calls-well')) : null,
  );
}

const elementConfig = z.looseObject({
  default_server_config: z.looseObject({
    'm.homeserver': z.looseObject({ base_url: z.string() }),
  }),
});

/** Element Web is served, and leads to a home server. */
export function probeElementWeb(parts: HttpProbeParts): Promise<ProbeResult> {
  return asked(parts, 'element-web', { path: '/config.json' }, (answer) => {
    const found = answer.status === 200 ? jsonOf(elementConfig, answer.text) : null;
    if (found === null) return null;
    return ok(found.default_server_config['m.homeserver'].base_url);
  });
}
