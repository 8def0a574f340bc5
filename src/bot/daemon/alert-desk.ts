import { AlertBoard } from '../../ops/alerts/alert-board.ts';
import { TestAlerts, type TestAlertsParts } from '../../ops/alerts/test-alerts.ts';
import { AlertmanagerApi } from '../../platform/alertmanager/alertmanager-api.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import { AlertLookups } from '../../platform/store/alert-lookups.ts';
import { AlertMessages } from '../../platform/store/alert-messages.ts';
import type { Database } from '../../platform/store/database.ts';

/** What is known of alerts, and what can be done about them, whether a bot runs or not. */
export interface AlertDesk {
  readonly alertIncidents: AlertIncidents;
  readonly alertBoard: AlertBoard;
  /** Null: the config names none. */
  readonly alertmanager: AlertmanagerApi | null;
}

/** Where a test alert can be posted without a certificate: the bot's own port. */
function ownIntake({ settings, secrets }: Config): TestAlertsParts['intake'] {
  const { host = '', port = 0, tls } = settings.alerts?.listen ?? {};
  const token = tls === undefined ? secrets.alertsToken : null;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return token === null ? null : { url, token };
}

/** Opens it on the store. */
export function openAlertDesk(config: Config, database: Database, clock: Clock): AlertDesk {
  const { alerts } = config.settings;
  const alertIncidents = new AlertIncidents(database);
  const alertmanager =
    alerts?.alertmanager === undefined ? null : new AlertmanagerApi(alerts.alertmanager.url);
  const alertBoard = new AlertBoard({
    ...{ database, clock, isOn: alerts !== undefined },
    ...{ incidents: alertIncidents, messages: new AlertMessages(database), api: alertmanager },
    tests: new TestAlerts({
      ...{ api: alertmanager, intake: ownIntake(config), clock },
      lookups: new AlertLookups(database),
    }),
    quietHours: alerts?.quietHours ?? null,
  });
  return { alertIncidents, alertBoard, alertmanager };
}
