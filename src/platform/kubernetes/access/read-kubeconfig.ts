import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { shellWord } from '../../../core/shell-word.ts';
import { say, type Text } from '../../../core/text.ts';
import { systemReason } from '../../system-failure.ts';
import type { AccessSource } from './access-source.ts';

const othersMay = 0o007;

/** A failure to make anything of the credentials. Never with the parser's error: it quotes them. */
export function unusable(source: string, reason: Text): AppError {
  return new AppError('E_KUBERNETES_CONFIG', { source, reason });
}

const kubeconfigSchema = z.looseObject({
  clusters: z.array(z.unknown()),
  contexts: z.array(z.unknown()),
  users: z.array(z.looseObject({ user: z.looseObject({}).nullish() })),
});

const tokenFileSchema = z.object({ tokenFile: z.string() });

function readText(file: string): string {
  try {
    const { mode } = statSync(file);
    if ((mode & othersMay) !== 0) {
      throw new AppError('E_SECRET_MODE', {
        source: file,
        mode: (mode & 0o777).toString(8).padStart(4, '0'),
        command: `chmod 600 -- ${shellWord(file)}`,
      });
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unusable(file, systemReason(error));
  }
}

/**
 * The file's content with every `tokenFile` (client-go, clientcmd/api/v1 AuthInfo) turned into the
 * form that client-node 1.4 reads again when it is rotated; its own `token-file` is read once.
 */
function withTokenFiles(file: string, text: string): unknown {
  let content: unknown;
  try {
    content = parse(text);
  } catch {
    throw unusable(file, say('kubernetes.not-yaml'));
  }
  const parsed = kubeconfigSchema.safeParse(content);
  if (!parsed.success) throw unusable(file, say('kubernetes.not-yaml'));
  const users = parsed.data.users.map((each) => {
    const found = tokenFileSchema.safeParse(each.user);
    if (!found.success) return each;
    const config = { tokenFile: resolve(dirname(file), found.data.tokenFile) };
    return { ...each, user: { 'auth-provider': { name: 'tokenFile', config } } };
  });
  return { ...parsed.data, users };
}

/**
 * Loads the credentials. The client is loaded here, when it is needed: without a cluster nothing of
 * it gets into the process. Only its kubeconfig part, since all of it would be 40 MB.
 * Throws `E_KUBERNETES_CONFIG`, `E_SECRET_MODE`.
 */
export async function readKubeconfig(from: AccessSource): Promise<KubeConfig> {
  const client = await import('@kubernetes/client-node/dist/config.js');
  const config = new client.KubeConfig();
  if ('inCluster' in from) {
    if (process.env['KUBERNETES_SERVICE_HOST'] === undefined) {
      throw unusable('inCluster', say('kubernetes.not-in-cluster'));
    }
    config.loadFromCluster(from.root ?? '');
    return config;
  }
  const { kubeconfig: file } = from;
  const content = withTokenFiles(file, readText(file));
  try {
    config.loadFromString(JSON.stringify(content));
  } catch {
    throw unusable(file, say('kubernetes.not-yaml'));
  }
  config.makePathsAbsolute(dirname(file));
  if (config.getCurrentCluster() === null || config.getCurrentUser() === null) {
    throw unusable(file, say('kubernetes.no-context'));
  }
  return config;
}
