import { z } from 'zod';
import type { BotHealth } from '../../commands/capabilities.ts';
import { version } from '../../core/version.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AdminApi } from '../../platform/synapse/admin-api.ts';
import type { House } from './house.ts';

/** What only a bot that runs knows. */
export interface RunningBot {
  /** ms since the epoch. */
  readonly startedAt: number;
  /** ms since the epoch; null: never. */
  lastSyncAt(): number | null;
}

const serverVersion = z.object({ server_version: z.string() });
/** `status` has to answer also when the home server does not; ms. */
const patienceMs = 3000;

async function probe(api: AdminApi): Promise<{ reachable: boolean; version: string | null }> {
  const path = '/_synapse/admin/v1/server_version';
  try {
    const answer = await api.ask(serverVersion, { method: 'GET', path, timeoutMs: patienceMs });
    return { reachable: true, version: answer.ok ? answer.value.server_version : null };
  } catch {
    // Unreachable, refusing or strange: `status` shows that, and no more is asked of it.
    return { reachable: false, version: null };
  }
}

/** What `status` shows. `bot` null: no bot runs, a terminal works by itself. */
export function createHealth(house: House, clock: Clock, bot: RunningBot | null): BotHealth {
  return {
    snapshot: async () => {
      const { queued, oldestAgeMs } = house.outbox.depth(clock.now());
      const [found, adminProblem] = await Promise.all([
        probe(house.adminApi),
        house.adminAccess.check(patienceMs),
      ]);
      return {
        version,
        startedAt: bot?.startedAt ?? null,
        homeserver: {
          url: house.live.current.settings.homeserver.url,
          ...found,
          adminProblem,
        },
        auditFault: house.watchedAudit.fault,
        lastSyncAt: bot?.lastSyncAt() ?? null,
        inboxPending: house.ledger.pendingCount(),
        outbox: { queued, oldestAgeMs },
        recoveryKey: house.recoveryKey.state(),
        keysLost: house.identityDesk.keysLost(),
        store: house.storage.usage(),
      };
    },
  };
}
