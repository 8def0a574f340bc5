import { AlertBoard } from '../../../src/ops/alerts/alert-board.ts';
import { TestAlerts } from '../../../src/ops/alerts/test-alerts.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import { AlertIncidents } from '../../../src/platform/store/alert-incidents.ts';
import { AlertLookups } from '../../../src/platform/store/alert-lookups.ts';
import { AlertMessages } from '../../../src/platform/store/alert-messages.ts';
import type { Database } from '../../../src/platform/store/database.ts';

/** The board of a bot whose config has no section `alerts`. */
export const silentAlerts = (database: Database, clock: Clock): AlertBoard =>
  new AlertBoard({
    ...{ isOn: false, database, clock, api: null },
    incidents: new AlertIncidents(database),
    messages: new AlertMessages(database),
    tests: new TestAlerts({ api: null, intake: null, lookups: new AlertLookups(database), clock }),
  });
