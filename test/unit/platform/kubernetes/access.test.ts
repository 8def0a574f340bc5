import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../src/core/errors.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { KubeconfigAccess } from '../../../../src/platform/kubernetes/access/kubeconfig-access.ts';

function put(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

const kubeconfig = (user: string): string => `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: 'https://127.0.0.1:6443/' } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
users: [{ name: u, user: ${user} }]
`;

const fresh = (): string => mkdtempSync(join(tmpdir(), 'urtc-access-'));

afterEach(() => {
  vi.unstubAllEnvs();
});

async function failure(text: string, mode = 0o600): Promise<AppError> {
  const file = put(fresh(), 'kubeconfig', text);
  chmodSync(file, mode);
  const error: unknown = await new KubeconfigAccess({ kubeconfig: file }, systemClock)
    .connection()
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  if (error instanceof AppError) return error;
  throw new Error(`no refusal: ${String(error)}`);
}

describe('the way into the cluster (nobody answers there)', () => {
  it('is a kubeconfig with a token, over one agent that lasts', async () => {
    const file = put(fresh(), 'kubeconfig', kubeconfig('{ token: abc }'));
    const access = new KubeconfigAccess({ kubeconfig: file }, systemClock);
    const first = await access.connection();
    expect(first.url).toBe('https://127.0.0.1:6443');
    expect(first.headers).toEqual({ authorization: 'Bearer abc' });
    put(join(file, '..'), 'kubeconfig', kubeconfig('{ token: def }'));
    access.renew();
    const second = await access.connection();
    expect(second.headers).toEqual({ authorization: 'Bearer def' });
    expect(second.agent).toBe(first.agent);
  });

  it('reads a tokenFile beside the kubeconfig again when it was rotated (fake clock)', async () => {
    let now = 0;
    const clock: Clock = { ...systemClock, monotonic: () => now };
    const folder = fresh();
    put(folder, 'token', 'first\n');
    const file = put(folder, 'kubeconfig', kubeconfig('{ tokenFile: token }'));
    const access = new KubeconfigAccess({ kubeconfig: file }, clock);
    const token = async () => (await access.connection()).headers['authorization'];
    expect(await token()).toBe('Bearer first');
    put(folder, 'token', 'second\n');
    expect(await token()).toBe('Bearer first');
    access.renew();
    expect(await token()).toBe('Bearer second');
    put(folder, 'token', 'third\n');
    now = 61_000;
    expect(await token()).toBe('Bearer third');
  });

  it('is the service account of a pod (made-up files, no API server)', async () => {
    const root = fresh();
    const folder = join(root, 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(folder, { recursive: true });
    put(folder, 'token', 'of-the-pod');
    put(folder, 'ca.crt', 'an authority');
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.43.0.1');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '443');
    const access = new KubeconfigAccess({ inCluster: true, root }, systemClock);
    const { url, headers } = await access.connection();
    expect([url, headers['authorization']]).toEqual(['https://10.43.0.1:443', 'Bearer of-the-pod']);
  });

  it('is none outside of a pod', async () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', undefined);
    const access = new KubeconfigAccess({ inCluster: true }, systemClock);
    await expect(access.connection()).rejects.toMatchObject({ code: 'E_KUBERNETES_CONFIG' });
  });

  it('is refused where others may read it, and where it is no kubeconfig; it quotes nothing', async () => {
    expect((await failure(kubeconfig('{ token: abc }'), 0o644)).code).toBe('E_SECRET_MODE');
    const unknownUser = kubeconfig('{}').replace('user: u }', 'user: v }');
    for (const text of ['token: [abc', 'hello', unknownUser]) {
      const refusal = await failure(text);
      expect(refusal.code).toBe('E_KUBERNETES_CONFIG');
      expect(refusal.cause).toBeUndefined();
    }
    const missing = new KubeconfigAccess({ kubeconfig: join(fresh(), 'none') }, systemClock);
    await expect(missing.connection()).rejects.toMatchObject({ code: 'E_KUBERNETES_CONFIG' });
  });
});
