import type { Names, Who } from './guarded.ts';
import type { Question } from './identity.ts';

/** Where something is asked for. */
export const places = {
  /** Where ESS is. */
  ess: 'talk',
  /** Where the identities are. */
  own: 'keepers',
  /** Where cert-manager is. */
  certs: 'certs',
  system: 'kube-system',
  elsewhere: 'default',
  /** All namespaces, or an object of none. */
  cluster: '',
} as const;

/** What the table calls things: nothing that a default could know. */
export const names: Names = {
  ess: { release: 'chat', namespace: places.ess },
  own: { release: 'keeper', namespace: places.own },
  certs: places.certs,
};

type Place = keyof typeof places;

/** One row: what it says to the API server, and what the answer has to be. */
export interface Row {
  readonly who: Who;
  /** Verb, `resource[.group][/subresource]`, name if any. */
  readonly ask: string;
  readonly place: Place;
  readonly allowed: boolean;
}

const rows = (
  identity: Who,
  allowed: boolean,
  asks: Partial<Record<Place, readonly string[]>>,
): readonly Row[] =>
  (Object.keys(places) as Place[]).flatMap((place) =>
    (asks[place] ?? []).map((ask) => ({ who: identity, ask, place, allowed })),
  );

/** The table of S1. */
export const table: readonly Row[] = [
  ...rows('bot', true, {
    ess: [
      'get pods',
      'list pods',
      'watch pods',
      'get pods/log',
      'list services',
      'watch events',
      'list persistentvolumeclaims',
      'get configmaps chat-markers',
      'list deployments.apps',
      'watch statefulsets.apps',
      'patch deployments.apps',
      'patch statefulsets.apps',
      'get deployments.apps/scale',
      'patch deployments.apps/scale',
      'patch statefulsets.apps/scale',
      'watch ingresses.networking.k8s.io',
      'watch certificates.cert-manager.io',
      'update certificates.cert-manager.io/status',
      'list certificaterequests.cert-manager.io',
      'list orders.acme.cert-manager.io',
      'list challenges.acme.cert-manager.io',
      'list pods.metrics.k8s.io',
    ],
    cluster: [
      'watch nodes',
      'list nodes.metrics.k8s.io',
      'get persistentvolumes',
      'list clusterissuers.cert-manager.io',
    ],
    system: ['list pods', 'get pods/log', 'list services', 'list deployments.apps'],
    own: [
      'get leases.coordination.k8s.io keeper-bot',
      'update leases.coordination.k8s.io keeper-bot',
    ],
  }),
  ...rows('bot', false, {
    ess: [
      'list secrets',
      'watch secrets',
      'get secrets chat-generated',
      'create secrets',
      'list configmaps',
      'patch configmaps chat-markers',
      'create pods',
      'patch pods',
      'delete pods',
      'deletecollection pods',
      'create pods/exec',
      'get pods/exec',
      'create pods/attach',
      'create pods/portforward',
      'get pods/portforward',
      'get pods/proxy',
      'create pods/eviction',
      'patch pods/ephemeralcontainers',
      'get services/proxy',
      'patch services',
      'delete persistentvolumeclaims chat-postgres-data',
      'create deployments.apps',
      'update deployments.apps',
      'delete statefulsets.apps',
      'update deployments.apps/scale',
      'patch deployments.apps/status',
      'patch daemonsets.apps',
      'patch replicasets.apps',
      'create jobs.batch',
      'patch ingresses.networking.k8s.io',
      'patch certificates.cert-manager.io',
      'create certificaterequests.cert-manager.io',
      'patch roles.rbac.authorization.k8s.io',
      'create rolebindings.rbac.authorization.k8s.io',
    ],
    own: [
      'list secrets',
      'create serviceaccounts/token keeper-upgrade',
      'create serviceaccounts/token keeper-bot',
      'impersonate serviceaccounts keeper-upgrade',
      'create leases.coordination.k8s.io',
      'update leases.coordination.k8s.io other',
      'list pods',
    ],
    certs: ['get secrets account', 'list secrets', 'list pods'],
    system: [
      'list secrets',
      'delete pods',
      'patch deployments.apps',
      'list configmaps',
      'watch pods',
    ],
    elsewhere: ['list pods', 'get pods/log', 'patch deployments.apps'],
    cluster: [
      'list pods',
      'list secrets',
      'get nodes/proxy',
      'create nodes/proxy',
      'patch nodes',
      'list persistentvolumes',
      'list namespaces',
      'impersonate users',
      'impersonate groups',
      'escalate clusterroles.rbac.authorization.k8s.io',
      'bind clusterroles.rbac.authorization.k8s.io',
      'delete validatingadmissionpolicies.admissionregistration.k8s.io keeper-bot-restart',
      'delete validatingadmissionpolicybindings.admissionregistration.k8s.io keeper-bot-restart',
      'patch clusterissuers.cert-manager.io',
      'update certificatesigningrequests.certificates.k8s.io/approval',
    ],
  }),
  ...rows('backup', true, {
    ess: [
      'get pods/exec chat-postgres-0',
      'create pods/exec chat-postgres-0',
      'create pods/exec chat-synapse-main-0',
      'get pods chat-postgres-0',
      'get secrets chat-generated',
      'get secrets chat-synapse-certmanager-tls',
      'get secrets my-own',
      'get configmaps chat-markers',
    ],
    certs: ['get secrets account', 'get secrets dns-token'],
  }),
  ...rows('backup', false, {
    ess: [
      'create pods/exec',
      'create pods/exec chat-haproxy-0',
      'create pods/exec chat-postgres-1',
      'create pods/attach chat-postgres-0',
      'create pods/portforward chat-postgres-0',
      'list pods',
      'delete pods chat-postgres-0',
      'list secrets',
      'watch secrets',
      'get secrets chat-synapse',
      'update secrets chat-generated',
      'patch statefulsets.apps',
      'patch statefulsets.apps/scale chat-synapse-main',
    ],
    own: ['create serviceaccounts/token keeper-upgrade'],
    certs: ['list secrets', 'get secrets other', 'update secrets account'],
    system: ['create pods/exec chat-postgres-0', 'get secrets chat-generated'],
    cluster: ['list nodes', 'get nodes/proxy', 'list secrets'],
  }),
  ...rows('upgrade', true, {
    ess: [
      'list secrets',
      'update secrets sh.helm.release.v1.chat.v1',
      'create configmaps',
      'update configmaps chat-markers',
      'patch services',
      'create persistentvolumeclaims',
      'patch deployments.apps',
      'create statefulsets.apps',
      'delete jobs.batch',
      'watch replicasets.apps',
      'watch pods',
      'patch ingresses.networking.k8s.io',
      'create servicemonitors.monitoring.coreos.com',
      'patch certificates.cert-manager.io',
      'create roles.rbac.authorization.k8s.io',
    ],
  }),
  ...rows('upgrade', false, {
    ess: [
      'delete persistentvolumeclaims chat-postgres-data',
      'update configmaps other',
      'create pods',
      'delete pods',
      'create pods/exec chat-postgres-0',
      'create pods/portforward',
      'create serviceaccounts/token',
      'escalate roles.rbac.authorization.k8s.io',
      'bind roles.rbac.authorization.k8s.io',
      'impersonate serviceaccounts',
      'deletecollection secrets',
    ],
    own: [
      'list secrets',
      'create serviceaccounts/token keeper-bot',
      'patch roles.rbac.authorization.k8s.io',
    ],
    certs: ['get secrets account'],
    system: ['list secrets', 'patch deployments.apps'],
    cluster: [
      'list secrets',
      'get nodes/proxy',
      'list nodes',
      'patch namespaces',
      'create clusterroles.rbac.authorization.k8s.io',
      'create clusterrolebindings.rbac.authorization.k8s.io',
      'patch validatingadmissionpolicies.admissionregistration.k8s.io',
    ],
  }),
  ...rows('revoke', true, { certs: ['get secrets account'] }),
  ...rows('revoke', false, {
    certs: [
      'list secrets',
      'watch secrets',
      'get secrets dns-token',
      'update secrets account',
      'list pods',
    ],
    ess: ['get secrets chat-generated', 'list pods', 'patch deployments.apps', 'list secrets'],
    own: ['list secrets', 'create serviceaccounts/token keeper-bot'],
    cluster: ['list nodes', 'get nodes/proxy'],
  }),
];

/** What is otherwise where self-healing is turned on, and what is not. */
export const healingTable: readonly Row[] = [
  ...rows('bot', true, { ess: ['delete pods', 'delete pods chat-haproxy-0'] }),
  ...rows('bot', false, {
    ess: [
      'deletecollection pods',
      'create pods/eviction',
      'create pods',
      'patch pods',
      'delete persistentvolumeclaims chat-postgres-data',
      'deletecollection persistentvolumeclaims',
      'delete secrets chat-generated',
      'get secrets chat-generated',
      'delete configmaps chat-markers',
      'delete services',
      'delete deployments.apps',
      'delete statefulsets.apps',
      'delete replicasets.apps',
      'delete jobs.batch',
    ],
    own: ['delete pods', 'delete leases.coordination.k8s.io keeper-bot'],
    certs: ['delete pods'],
    system: ['delete pods'],
    elsewhere: ['delete pods'],
    cluster: ['delete pods', 'delete nodes', 'delete persistentvolumes'],
  }),
  ...rows('upgrade', false, { ess: ['delete pods'] }),
  ...rows('backup', false, { ess: ['delete pods'] }),
];

/** The row in the words of a SelfSubjectAccessReview. */
export const questionOf = ({ ask, place }: Row): Question => {
  const [verb = '', what = '', name = ''] = ask.split(' ');
  const [path = '', subresource = ''] = what.split('/');
  const [resource = '', ...group] = path.split('.');
  return { verb, group: group.join('.'), resource, subresource, namespace: places[place], name };
};
