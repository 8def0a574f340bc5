import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../ports.ts';
import type { Api } from './api.ts';
import { startDaemon, type Daemon, type DaemonStart } from './daemon.ts';
import type { Pki } from './pki.ts';
import type { Programs } from './programs.ts';

/** Longer than any start should take, also where both cores are busy with other things. */
export const startWithinMs = 120_000;

/** What all parts of a cluster are started with. */
export interface Ground {
  readonly folder: string;
  readonly python: string;
  readonly pki: Pki;
  readonly programs: Programs;
  readonly apiPort: number;
  /** Empty, or with what an earlier API server of this cluster left. */
  readonly databaseFile: string;
  /** One JSON object per call of anybody who is not part of the cluster. */
  readonly auditFile: string;
}

/** Starts a program with the ground's folder and Python. */
export const startOn = (
  { folder, python }: Pick<Ground, 'folder' | 'python'>,
  program: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Daemon => {
  const start: DaemonStart = { program, args, folder, python };
  return startDaemon(env === undefined ? start : { ...start, env });
};

/** The address of kine: a unix socket, so that nobody else can take its port. */
const kineSocket = (folder: string): string => `unix://${join(folder, 'kine.sock')}`;

/** Starts the storage. Its data are in memory pages only: nobody needs them after a power cut. */
export const startKine = (ground: Ground): Daemon => {
  rmSync(join(ground.folder, 'kine.sock'), { force: true });
  const pragmas =
    '_journal=WAL&cache=shared&_busy_timeout=30000&_synchronous=OFF&_txlock=immediate';
  return startOn(ground, ground.programs.kine, [
    ...['--endpoint', `sqlite://${ground.databaseFile}?${pragmas}`],
    ...['--listen-address', kineSocket(ground.folder)],
    // Its own default takes port 8080 on all interfaces.
    '--metrics-bind-address=0',
  ]);
};

/**
 * Starts the API server: RBAC and Node authorisation, admission policies, aggregation, audit log.
 * `advertise-address` and `endpoint-reconciler-type` because a host may have no default route,
 * and the Service `kubernetes` can't have a loopback address behind it.
 */
export const startApiServer = (ground: Ground, auditPolicy: string): Daemon => {
  const { pki, programs, folder, apiPort, auditFile } = ground;
  return startOn(ground, programs.kubeApiserver, [
    `--etcd-servers=${kineSocket(folder)}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${apiPort}`,
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--tls-cert-file=${pki.file('apiserver.crt')}`,
    `--tls-private-key-file=${pki.file('apiserver.key')}`,
    `--client-ca-file=${pki.file('ca.crt')}`,
    `--kubelet-client-certificate=${pki.file('kubelet-client.crt')}`,
    `--kubelet-client-key=${pki.file('kubelet-client.key')}`,
    `--kubelet-certificate-authority=${pki.file('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki.file('service-accounts.pub')}`,
    `--service-account-signing-key-file=${pki.file('service-accounts.key')}`,
    '--authorization-mode=Node,RBAC',
    '--allow-privileged=true',
    // K3s's ranges.
    '--service-cluster-ip-range=10.43.0.0/16',
    '--service-node-port-range=30000-32767',
    `--requestheader-client-ca-file=${pki.file('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${pki.file('front-proxy.crt')}`,
    `--proxy-client-key-file=${pki.file('front-proxy.key')}`,
    `--audit-policy-file=${auditPolicy}`,
    `--audit-log-path=${auditFile}`,
    // Written before the answer is sent: whoever has an answer finds the call in the log.
    '--audit-log-mode=blocking-strict',
    '--profiling=false',
    // Not waiting for clients that are gone makes a stop quick.
    '--shutdown-delay-duration=0s',
    '--v=1',
  ]);
};

/** What of the controller manager the lab needs; the rest costs memory and processor time. */
const controllers = [
  ...['serviceaccount-controller', 'serviceaccount-token-controller'],
  ...['root-ca-certificate-publisher-controller', 'namespace-controller'],
  ...['garbage-collector-controller', 'pod-garbage-collector-controller'],
  ...['deployment-controller', 'replicaset-controller', 'statefulset-controller'],
  ...['daemonset-controller', 'job-controller', 'cronjob-controller'],
  ...['endpointslice-controller', 'horizontal-pod-autoscaler-controller', 'disruption-controller'],
  ...['persistentvolume-binder-controller', 'persistentvolumeclaim-protection-controller'],
  ...['persistentvolume-protection-controller', 'ttl-after-finished-controller'],
  ...['node-lifecycle-controller', 'taint-eviction-controller', 'resourcequota-controller'],
  ...['clusterrole-aggregation-controller', 'validatingadmissionpolicy-status-controller'],
  ...['certificatesigningrequest-approving-controller'],
  'certificatesigningrequest-signing-controller',
];

/** Starts the controller manager and the scheduler. */
export const startControllers = async (
  ground: Ground,
  kubeconfigOf: (certificate: string) => string,
): Promise<Daemon[]> => {
  const { pki, programs } = ground;
  const common = (certificate: string): string[] => [
    `--kubeconfig=${kubeconfigOf(certificate)}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    '--profiling=false',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
  ];
  const [managerPort, schedulerPort] = await Promise.all([freePort(), freePort()]);
  return [
    startOn(ground, programs.kubeControllerManager, [
      ...common('controller-manager'),
      `--secure-port=${managerPort}`,
      `--controllers=${controllers.join(',')}`,
      '--use-service-account-credentials=true',
      `--root-ca-file=${pki.file('ca.crt')}`,
      `--service-account-private-key-file=${pki.file('service-accounts.key')}`,
      `--cluster-signing-cert-file=${pki.file('ca.crt')}`,
      `--cluster-signing-key-file=${pki.file('ca.key')}`,
    ]),
    startOn(ground, programs.kubeScheduler, [
      ...common('scheduler'),
      `--secure-port=${schedulerPort}`,
    ]),
  ];
};

/** Waits until the API server answers, with its last lines if it doesn't. */
export const awaitApi = (apiServer: Daemon, api: Api): Promise<void> =>
  apiServer.ready(() => api.isReady(), startWithinMs);
