import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { jsonObjectSchema, type JsonObject } from '../../core/json.ts';
import { say } from '../../core/text.ts';
import type { Kubernetes, WatchedKind } from '../../platform/kubernetes/port.ts';
import { isOfRelease } from '../stack/labels.ts';
import { bareObject } from './bare-object.ts';
import type { Absence, BundleFile, BundlePart } from './bundle-part.ts';

type Cluster = Pick<Kubernetes, 'release' | 'namespace' | 'view' | 'manifests'>;

/** Kinds by the file that they stand in, those that tell most first. Never Secrets. */
const files = {
  deployments: 'Deployment',
  statefulsets: 'StatefulSet',
  pods: 'Pod',
  nodes: 'Node',
  events: 'Event',
  services: 'Service',
  ingresses: 'Ingress',
  certificates: 'Certificate',
  persistentvolumeclaims: 'PersistentVolumeClaim',
} as const satisfies Record<string, WatchedKind>;

/** Of one kind so much is taken (characters of its JSON). */
const mostCharacters = 4 * 1024 * 1024;

const metaSchema = z.object({
  metadata: z.object({
    name: z.string().default(''),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
  /** Of an event. */
  involvedObject: z.object({ name: z.string().default('') }).optional(),
});

/** The live objects of the release without what may be a secret; where nobody answers, what was last known. */
export function clusterObjects(cluster: Cluster): BundlePart {
  return {
    title: say('bundle.part.objects'),
    what: 'objects/',
    limitMs: 60_000,
    collect: async function* (signal) {
      for (const [name, kind] of Object.entries(files)) {
        const path = `objects/${name}`;
        try {
          yield await liveObjects(cluster, path, kind, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof AppError)) throw error;
          const why = say(error.code, error.params);
          // A kind that the cluster does not have is not missing.
          if (error.code === 'E_KUBERNETES_NOT_FOUND') continue;
          yield { what: `${path}.json`, why } satisfies Absence;
          const known = knownObjects(cluster, path, kind);
          if (known !== null) yield known;
        }
      }
    },
  };
}

async function liveObjects(
  cluster: Cluster,
  path: string,
  kind: WatchedKind,
  signal: AbortSignal,
): Promise<BundleFile> {
  const kept: JsonObject[] = [];
  let characters = 0;
  let more = 0;
  for await (const object of cluster.manifests(kind, cluster.namespace, signal)) {
    if (!isOurs(cluster, kind, object)) continue;
    const bare = bareObject(object);
    characters += JSON.stringify(bare).length;
    if (characters > mostCharacters) more += 1;
    else kept.push(bare);
  }
  const note = more === 0 ? {} : { note: say('bundle.note.objects', { count: more }) };
  return { path, content: { json: kept }, ...note };
}

/** As the watches have kept it: fewer fields, and of then. */
function knownObjects(cluster: Cluster, path: string, kind: WatchedKind): BundleFile | null {
  const { namespace, release, view } = cluster;
  const { value, asOf } = view.list(kind, kind === 'Node' ? {} : { namespace });
  if (asOf === null || value.length === 0) return null;
  const ours = value
    .filter((each) => isOursByName(kind, each.labels, each.name, release))
    .map((each) => jsonObjectSchema.parse(JSON.parse(JSON.stringify(each))));
  const note = say('bundle.note.known', { at: { moment: asOf } });
  return { path: `${path}.last-known`, content: { json: ours }, note };
}

function isOurs({ release }: Cluster, kind: WatchedKind, object: JsonObject): boolean {
  const parsed = metaSchema.safeParse(object);
  if (!parsed.success) return false;
  const { metadata, involvedObject } = parsed.data;
  const { name, labels } = metadata;
  return isOursByName(kind, labels ?? {}, involvedObject?.name ?? name, release);
}

function isOursByName(
  kind: WatchedKind,
  labels: Readonly<Record<string, string>>,
  name: string,
  release: string,
): boolean {
  switch (kind) {
    case 'Node':
    // Nothing marks those that serve the release.
    case 'Certificate':
      return true;
    case 'Event':
    case 'PersistentVolumeClaim':
      return name.startsWith(`${release}-`) || isOfRelease(labels, release);
    case 'Deployment':
    case 'StatefulSet':
    case 'Pod':
    case 'Service':
    case 'Ingress':
      return isOfRelease(labels, release);
    default:
      return kind satisfies never;
  }
}
