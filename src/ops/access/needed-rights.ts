import type { AccessQuestion } from '../../platform/kubernetes/port.ts';

/** A rule of RBAC that the bot's identity needs. */
export interface NeededRight extends Pick<
  AccessQuestion,
  'verb' | 'group' | 'resource' | 'subresource'
> {
  /** In the release's namespace, or of the whole cluster. */
  readonly where: 'release' | 'cluster';
}

const watched = (
  where: NeededRight['where'],
  group: string,
  ...resources: readonly string[]
): readonly NeededRight[] =>
  resources.flatMap((resource) =>
    ['list', 'watch'].map((verb) => ({ where, group, resource, verb })),
  );

const of = (verbs: readonly string[], right: Omit<NeededRight, 'verb'>): readonly NeededRight[] =>
  verbs.map((verb) => ({ ...right, verb }));

const release = 'release';

/** What the commands use, and nothing that is off by default. `deploy/rbac` gives all of it. */
export const neededRights: readonly NeededRight[] = [
  ...watched(release, '', 'pods', 'services', 'persistentvolumeclaims', 'events'),
  ...watched(release, 'apps', 'deployments', 'statefulsets'),
  ...watched(release, 'networking.k8s.io', 'ingresses'),
  ...watched(release, 'cert-manager.io', 'certificates'),
  ...watched('cluster', '', 'nodes'),
  ...of(['get'], { where: release, group: '', resource: 'pods', subresource: 'log' }),
  ...of(['get'], { where: release, group: '', resource: 'configmaps' }),
  ...of(['get'], { where: 'cluster', group: '', resource: 'persistentvolumes' }),
  ...of(['list'], { where: release, group: 'metrics.k8s.io', resource: 'pods' }),
  ...of(['list'], { where: 'cluster', group: 'metrics.k8s.io', resource: 'nodes' }),
  ...['deployments', 'statefulsets'].flatMap((resource) => [
    ...of(['patch'], { where: release, group: 'apps', resource }),
    ...of(['get', 'patch'], { where: release, group: 'apps', resource, subresource: 'scale' }),
  ]),
];

/** What nobody who looks after the release needs: a sign of an administrator's kubeconfig. */
export const tooMuch: readonly NeededRight[] = [
  ...of(['list'], { where: release, group: '', resource: 'secrets' }),
  ...of(['create'], { where: release, group: '', resource: 'pods', subresource: 'exec' }),
];

/** A right as a rule names it: `patch deployments/scale (apps)`. */
export function nameOfRight({ verb, group, resource, subresource }: NeededRight): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return group === '' ? `${verb} ${what}` : `${verb} ${what} (${group})`;
}
