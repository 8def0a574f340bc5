import { readFileSync, writeFileSync } from 'node:fs';
import type { Pki } from './pki.ts';

/** Who a kubeconfig speaks as: a client certificate of the cluster, or a token. */
export type Identity = { readonly certificate: string } | { readonly token: string };

const base64 = (file: string): string => readFileSync(file).toString('base64');

/** Writes a kubeconfig, readable by its owner only, and returns its path. JSON is YAML. */
export const writeKubeconfig = (
  path: string,
  cluster: { readonly apiUrl: string; readonly pki: Pki },
  identity: Identity,
  namespace = 'default',
): string => {
  const { apiUrl, pki } = cluster;
  const user =
    'token' in identity
      ? { token: identity.token }
      : {
          'client-certificate-data': base64(pki.file(`${identity.certificate}.crt`)),
          'client-key-data': base64(pki.file(`${identity.certificate}.key`)),
        };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    clusters: [
      {
        name: 'lab',
        cluster: { server: apiUrl, 'certificate-authority-data': base64(pki.file('ca.crt')) },
      },
    ],
    users: [{ name: 'lab', user }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', namespace } }],
  };
  writeFileSync(path, JSON.stringify(config, null, 2), { mode: 0o600 });
  return path;
};
