import { freePort } from '../ports.ts';
import { startOn, type Ground } from './control-plane.ts';
import type { Daemon } from './daemon.ts';
import { liveKinds, writeKwokConfig } from './kwok/config.ts';
import { makeShims } from './shims.ts';

/** Starts what stands for the node's kubelet: pods that run, log, and run commands. */
export const startKwok = async (ground: Ground, kubeconfig: string): Promise<Daemon> => {
  const { folder, pki, programs } = ground;
  const port = await freePort();
  // Commands of pods are run by it: the shims first, then what any container has (sh, cat, df).
  const env = { PATH: `${makeShims(folder)}:/usr/bin:/bin`, HOME: folder };
  return startOn(
    ground,
    programs.kwok,
    [
      `--kubeconfig=${kubeconfig}`,
      `--config=${writeKwokConfig(folder)}`,
      '--manage-all-nodes',
      '--cidr=10.42.0.0/16',
      '--node-ip=127.0.0.1',
      `--node-port=${port}`,
      `--server-address=127.0.0.1:${port}`,
      `--tls-cert-file=${pki.file('kubelet.crt')}`,
      `--tls-private-key-file=${pki.file('kubelet.key')}`,
      '--node-lease-duration-seconds=40',
      `--enable-crds=${Object.keys(liveKinds).join(',')}`,
    ],
    env,
  );
};
