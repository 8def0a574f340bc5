import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { localpartOf, serverOf } from '../../core/ids.ts';
import type { Secret } from '../../core/secret.ts';
import { say } from '../../core/text.ts';
import type { Settings } from '../../platform/config/schema.ts';
import { AdminApi } from '../../platform/synapse/admin-api.ts';
import { SynapseUsers } from '../../platform/synapse/synapse-users.ts';
import { mistake, type Finding } from './finding.ts';

/** A check is made by a person who waits; for one request, ms. */
const timeoutMs = 5000;

const whoami = z.object({ user_id: z.string() });

/** What the home server is asked with; a token that could not be read is null. */
export interface HomeServerCheck {
  /** Absolute path of the config. */
  readonly file: string;
  readonly settings: Settings;
  readonly botToken: Secret<string> | null;
  readonly adminToken: Secret<string> | null;
}

/** Asks the home server whose the tokens are, what they open and whether the people exist. Changes nothing. */
export async function checkAtHomeServer(check: HomeServerCheck): Promise<readonly Finding[]> {
  const { settings, botToken, adminToken } = check;
  const { url } = settings.homeserver;
  const adminUrl = settings.admin.url ?? url;
  const [chat, admin] = await Promise.all([
    botToken === null
      ? []
      : using(url, botToken, (api) => chatToken(api, botToken, check, adminUrl)),
    adminToken === null ? [] : using(adminUrl, adminToken, (api) => adminCredential(api, check)),
  ]);
  const isNoHomeServer = chat.some(
    (each) => each.kind === 'error' && each.error.code === 'E_HOMESERVER_NOT_MATRIX',
  );
  // What is no Matrix server has no admin API either: that is the same mistake.
  return withoutRepeats(isNoHomeServer && adminUrl === url ? chat : [...chat, ...admin]);
}

async function using(
  url: string,
  token: Secret<string>,
  ask: (api: AdminApi) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const api = new AdminApi({ url, token, timeoutMs });
  try {
    return await ask(api);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [ofFailure(error)];
  } finally {
    await api.close();
  }
}

/** Nobody there is no mistake of the config: the home server may be down. */
function ofFailure(error: AppError): Finding {
  if (error.code !== 'E_ADMIN_API_UNREACHABLE') return mistake(error);
  const { url = '', reason = '' } = error.params;
  return {
    kind: 'warning',
    text: say('config.not-asked', { url, reason }),
    next: say('config.not-asked.next'),
  };
}

async function chatToken(
  api: AdminApi,
  token: Secret<string>,
  { file, settings }: HomeServerCheck,
  adminUrl: string,
): Promise<readonly Finding[]> {
  const path = '/_matrix/client/v3/account/whoami';
  let user: string;
  try {
    const answer = await api.ask(whoami, { method: 'GET', path });
    if (!answer.ok) return [notMatrix(settings)];
    user = answer.value.user_id;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'E_ADMIN_API_FORBIDDEN') {
      const advice = say('token.checked.next', { user: settings.bot.user });
      return [mistake(new AppError('E_TOKEN_REVOKED', { advice }))];
    }
    if (error.code === 'E_ADMIN_API_ANSWER') return [notMatrix(settings)];
    throw error;
  }
  if (user !== settings.bot.user) {
    const reason = say('settings.reason.other-account', { user });
    return [mistake(new AppError('E_CONFIG_INVALID', { file, place: 'bot.user', reason }))];
  }
  return using(adminUrl, token, async (admin) => {
    try {
      await admin.checkAccess(timeoutMs);
      return [mistake(new AppError('E_TOKEN_IS_ADMIN'))];
    } catch (error) {
      if (error instanceof AppError && error.code === 'E_ADMIN_API_FORBIDDEN') return [];
      throw error;
    }
  });
}

function notMatrix({ homeserver: { url } }: Settings): Finding {
  return mistake(new AppError('E_HOMESERVER_NOT_MATRIX', { url }));
}

async function adminCredential(
  api: AdminApi,
  { file, settings }: HomeServerCheck,
): Promise<readonly Finding[]> {
  await api.checkAccess(timeoutMs);
  const server = serverOf(settings.bot.user);
  const users = new SynapseUsers(api, server);
  const findings: Finding[] = [];
  if ((await users.find(localpartOf(settings.bot.user))) === null) {
    const reason = say('settings.reason.no-account');
    findings.push(mistake(new AppError('E_CONFIG_INVALID', { file, place: 'bot.user', reason })));
  }
  for (const { user, role } of settings.people) {
    if (serverOf(user) !== server || (await users.find(localpartOf(user))) !== null) continue;
    const name = localpartOf(user);
    findings.push({
      kind: 'warning',
      text: say('config.no-account', { user, role: say(`role.${role}`) }),
      next: say('config.no-account.next', { name }),
    });
  }
  return findings;
}

/** Both tokens meet the same closed door. */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key =
      finding.kind === 'error'
        ? JSON.stringify([finding.error.code, finding.error.params])
        : JSON.stringify(finding);
    return !seen.has(key) && seen.add(key).size > 0;
  });
}
