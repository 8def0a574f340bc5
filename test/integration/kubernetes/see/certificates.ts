import type { AttachedCluster } from '../../../lab/kubernetes/attached.ts';
import { until } from '../../../lab/wait.ts';

const group = 'cert-manager.io';
const day = 86_400_000;

/** The least of cert-manager's definition that objects of its shape need: nobody issues anything. */
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `certificates.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind: 'Certificate', plural: 'certificates', singular: 'certificate' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true, subresources: { status: {} } },
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
};

const pathIn = (namespace: string): string =>
  `/apis/${group}/v1/namespaces/${namespace}/certificates`;

/** Lets a cluster have Certificates; returns when the API server serves them. */
export async function defineCertificates(
  cluster: AttachedCluster,
  namespace: string,
): Promise<void> {
  await cluster.kubectlApply([definition]);
  const look = async (): Promise<true | undefined> =>
    (await cluster.api.raw('GET', pathIn(namespace))).status === 200 ? true : undefined;
  await until('the kind Certificate', look, { timeoutMs: 60_000, everyMs: 50 });
}

/** How cert-manager says that a certificate is; days from now on. */
export interface CertificateIs {
  readonly name: string;
  readonly ready: boolean;
  readonly message: string;
  /** Null: it was never issued. */
  readonly life: { readonly fromDays: number; readonly toDays: number } | null;
}

/** Writes a Certificate, and its status as cert-manager writes it. */
export async function putCertificate(
  cluster: AttachedCluster,
  namespace: string,
  { name, ready, message, life }: CertificateIs,
): Promise<void> {
  const at = (days: number): string => new Date(Date.now() + days * day).toISOString();
  await cluster.kubectlApply([
    {
      ...{ apiVersion: `${group}/v1`, kind: 'Certificate', metadata: { name, namespace } },
      spec: {
        ...{ secretName: name, dnsNames: [`${name}.example.org`] },
        issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' },
      },
    },
  ]);
  const dates = life === null ? {} : { notBefore: at(life.fromDays), notAfter: at(life.toDays) };
  const condition = {
    ...{ type: 'Ready', status: ready ? 'True' : 'False', message, lastTransitionTime: at(-1) },
    reason: ready ? 'Ready' : 'DoesNotExist',
  };
  await cluster.api.send('PATCH', `${pathIn(namespace)}/${name}/status`, {
    type: 'application/merge-patch+json',
    body: { status: { conditions: [condition], ...dates } },
  });
}
