import { z } from 'zod';
import type { Alertmanager, ReportedAlert } from '../alerts/alertmanager.ts';
import { bodyOf, editedContent, type LabEvent } from '../event.ts';
import { LabError } from '../failure.ts';
import type { Done, KnownDoings } from './doings.ts';

/** Severities that the bot knows. */
const severities = ['critical', 'warning', 'info'];

/** Until `/end`, for as long as anybody looks at a demo. */
const lastsMs = 12 * 3_600_000;

const states = z.array(z.object({ status: z.object({ state: z.string() }) }));

const isOfAlert = (event: LabEvent): boolean => event.content['io.urtc.alert'] !== undefined;

/** A message of the bot's own accord that says something else now; those of incidents are not of alerts. */
const isEdited = (event: LabEvent): boolean => {
  const content = editedContent(event);
  return content?.['io.urtc.notice'] === true && content['io.urtc.incident'] === undefined;
};

const fireUsage = '/fire NAME [critical|warning|info]';
const endUsage = '/end NAME';

/** Alerts that a person makes, as Prometheus would report them. */
export const alertDoings = (alertmanager: Alertmanager): KnownDoings => {
  const firing = new Map<string, ReportedAlert>();

  const isSilenced = async (name: string): Promise<boolean> => {
    const filter = encodeURIComponent(`alertname="${name}"`);
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts?filter=${filter}`);
    const found = states.parse(await answer.json());
    return found.length > 0 && found.every(({ status }) => status.state === 'suppressed');
  };

  const nameIn = (name: string | undefined, usage: string): string => {
    if (name === undefined || !/^[A-Za-z]\w{0,60}$/.test(name)) {
      throw new LabError(`it is ${usage}, with a name such as DiskLow`);
    }
    return name;
  };

  const fire = async ([given, severity = 'warning']: readonly string[]): Promise<Done> => {
    const name = nameIn(given, fireUsage);
    if (!severities.includes(severity)) throw new LabError(`it is ${fireUsage}`);
    if (firing.has(name)) throw new LabError(`${name} fires already; /end ${name} ends it`);
    const now = Date.now();
    const alert = {
      labels: { alertname: name, severity, instance: 'demo' },
      annotations: { summary: 'somebody has typed /fire in the demo' },
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + lastsMs).toISOString(),
    };
    await alertmanager.report([alert]);
    firing.set(name, alert);
    if (await isSilenced(name)) {
      const told = `${name} fires; a silence covers it, so nobody is told`;
      return { told, shows: null, withinMs: 0 };
    }
    return {
      told: `${name} fires; Alertmanager waits a second for more of its group, then tells the bot`,
      shows: (event) => isOfAlert(event) && bodyOf(event).includes(name),
      withinMs: 60_000,
    };
  };

  const end = async ([given]: readonly string[]): Promise<Done> => {
    const name = nameIn(given, endUsage);
    const alert = firing.get(name);
    if (alert === undefined) throw new LabError(`${name} was not made to fire here`);
    const isSwallowed = await isSilenced(name);
    await alertmanager.report([{ ...alert, endsAt: new Date().toISOString() }]);
    firing.delete(name);
    const how = isSwallowed
      ? 'of what a silence covers Alertmanager says nothing, so where the room shows it, the bot closes it by itself within two minutes'
      : 'Alertmanager tells of a group every 10 s';
    return {
      told: `${name} is over; ${how}`,
      // Silenced all along, it may stand in no message.
      shows: isSwallowed ? null : isEdited,
      withinMs: 60_000,
    };
  };

  return { '/fire': { usage: fireUsage, run: fire }, '/end': { usage: endUsage, run: end } };
};
