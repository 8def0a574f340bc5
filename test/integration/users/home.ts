import { Secret } from '../../../src/core/secret.ts';
import { AdminApi, type AdminApiOptions } from '../../../src/platform/synapse/admin-api.ts';
import { SynapseRegistrationTokens } from '../../../src/platform/synapse/synapse-registration-tokens.ts';
import { SynapseUsers } from '../../../src/platform/synapse/synapse-users.ts';
import { startLab, type Lab } from '../../lab/lab.ts';

/** A real home server with the adapters that are tried on it. */
export interface Home {
  readonly lab: Lab;
  readonly users: SynapseUsers;
  readonly tokens: SynapseRegistrationTokens;
  /** Adapters with other settings, e.g. behind the lab's proxy or with another token. */
  connect(options?: Partial<AdminApiOptions>): {
    readonly users: SynapseUsers;
    readonly tokens: SynapseRegistrationTokens;
  };
  stop(): Promise<void>;
}

/** Starts a home server with nobody on it but the lab's own accounts. */
export async function startHome(name: string, people: readonly string[] = []): Promise<Home> {
  const lab = await startLab({ name, people });
  const apis: AdminApi[] = [];
  const connect: Home['connect'] = (options = {}) => {
    const api = new AdminApi({
      url: lab.synapse.baseUrl,
      token: new Secret(lab.botAdmin.accessToken),
      ...options,
    });
    apis.push(api);
    const users = new SynapseUsers(api, lab.synapse.serverName);
    return { users, tokens: new SynapseRegistrationTokens(api) };
  };
  const stop = async () => {
    await Promise.all(apis.map((api) => api.close()));
    await lab.stop();
  };
  return { lab, ...connect(), connect, stop };
}
