import type { Capabilities } from '../../../../src/commands/capabilities.ts';
import type { Clock } from '../../../../src/platform/clock.ts';
import type { Database } from '../../../../src/platform/store/database.ts';
import { noChannels } from '../no-channels.ts';
import { silentAlerts } from '../silent-alerts.ts';

/** What commands on alerts use where the config has none of them. */
export const alertParts = (
  database: Database,
  clock: Clock,
): Pick<Capabilities, 'alerts' | 'notify'> => ({
  alerts: silentAlerts(database, clock),
  notify: noChannels(clock),
});
