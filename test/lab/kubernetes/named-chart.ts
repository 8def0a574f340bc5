import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LabError, textOf } from '../failure.ts';
import { runProgram } from '../program.ts';
import { chartFacts, plainHttpFor, type HelmWhere } from './helm.ts';

/** A chart that somebody has named, as it lies on this machine. */
export interface NamedChart {
  /** A folder or a `.tgz`. */
  readonly place: string;
  readonly version: string;
  /** `sha256:…` of what the registry gave; null: it was here. */
  readonly digest: string | null;
}

/** What Helm says where a pull fails, and what that means to whoever named the chart. */
const causes: readonly (readonly [pattern: RegExp, cause: string, next: string])[] = [
  [
    /connection refused|no such host|network is unreachable|timeout|deadline exceeded/i,
    'The registry is not reached.',
    'check its name and port, the network and HTTPS_PROXY, or name a chart that lies here by its path',
  ],
  [
    /not found|status code 404/i,
    'The registry has no chart of this name, or not this version of it.',
    'check both: oci://HOST/PATH/matrix-stack:VERSION; without :VERSION it is the newest',
  ],
  [
    /status code 40[13]|unauthorized|denied/i,
    'The registry does not let us have it.',
    'log in with `helm registry login HOST`, as whoever may read it',
  ],
  [
    /HTTP response to HTTPS|x509|certificate/i,
    'The registry has no TLS, or none that this machine trusts.',
    'give it a certificate that is trusted here (SSL_CERT_FILE); without TLS only loopback is asked',
  ],
];

const complain = (named: string, error: unknown): LabError => {
  const said = textOf(error);
  const [, cause = 'Helm could not take it.', next = 'see what Helm says above'] =
    causes.find(([pattern]) => pattern.test(said)) ?? [];
  return new LabError([said, `The chart ${named}: ${cause}`, `Next: ${next}.`].join('\n'), {
    cause: error,
  });
};

type Place = Omit<NamedChart, 'version'>;

const pull = async (where: HelmWhere, named: string): Promise<Place> => {
  const folder = mkdtempSync(join(where.folder, 'pulled-'));
  const args = ['pull', named, '--destination', folder, ...plainHttpFor(named)];
  // With the proxy, the certificates and the logins of whoever named it.
  const env = { ...process.env, HELM_CACHE_HOME: join(where.folder, 'helm/cache') };
  try {
    const said = await runProgram(where.helm, args, { env });
    const [file = ''] = readdirSync(folder);
    return { place: join(folder, file), digest: /^Digest: (\S+)$/m.exec(said)?.[1] ?? null };
  } catch (error) {
    throw complain(named, error);
  }
};

const find = (named: string): Place => {
  const place = resolve(named);
  const isChart = place.endsWith('.tgz') || existsSync(join(place, 'Chart.yaml'));
  if (isChart && existsSync(place)) return { place, digest: null };
  throw new LabError(
    [
      `The chart ${named}: there is none at ${place}.`,
      'Next: name a folder with Chart.yaml, a .tgz, or oci://HOST/PATH/NAME:VERSION.',
    ].join('\n'),
  );
};

const take = async (where: HelmWhere, named: string): Promise<NamedChart> => {
  const found = named.startsWith('oci://') ? await pull(where, named) : find(named);
  const { name, version } = await chartFacts(where, found.place);
  if (name === 'matrix-stack') return { ...found, version };
  throw new LabError(
    [`The chart ${named}: it is ${name}, not matrix-stack.`, 'Next: name the chart of ESS.'].join(
      '\n',
    ),
  );
};

const taken = new Map<string, Promise<NamedChart>>();

/**
 * The chart of ESS that somebody names by a path or as `oci://HOST/PATH/NAME[:VERSION][@sha256:…]`. A
 * registry is asked once in a process, so that all that is installed from one name is the same.
 *
 * @throws LabError with cause and next step.
 */
export const namedChart = (where: HelmWhere, named: string): Promise<NamedChart> => {
  const key = `${where.folder} ${named}`;
  const found = taken.get(key) ?? take(where, named);
  taken.set(key, found);
  return found;
};
