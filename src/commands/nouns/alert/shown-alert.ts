import type { Column, Field, ReportNode } from '../../../core/report.ts';
import { say, type Text } from '../../../core/text.ts';
import { severityAt } from '../../../ops/alerts/severity.ts';
import type { StoredIncident } from '../../../platform/store/alert-row.ts';
import { shownActor } from '../../actor-name.ts';

/** A severity in words. */
export const severityText = (rank: number): Text => say(`alert.severity.${severityAt(rank)}`);

/** Whether it fires, or how it ended. */
export const stateText = ({ state, endedBy }: StoredIncident): Text =>
  say(`alert.state.${state === 'firing' ? 'firing' : (endedBy ?? 'resolved')}`);

const columns: readonly Column[] = [
  { id: 'fingerprint', label: say('alert.field.id') },
  { id: 'alert', label: say('alert.field.alert') },
  { id: 'severity', label: say('alert.field.severity') },
  { id: 'state', label: say('alert.field.state') },
  { id: 'since', label: say('alert.field.since') },
  { id: 'on_it', label: say('alert.field.on-it') },
];

/** Alerts, one a row. `name`: what to call each. */
export function alertTable(
  incidents: readonly StoredIncident[],
  name: (incident: StoredIncident) => string,
): ReportNode {
  return {
    type: 'table',
    id: 'alerts',
    columns,
    rows: incidents.map((incident) => [
      incident.fingerprint,
      name(incident),
      severityText(incident.severity),
      stateText(incident),
      { moment: incident.startsAt },
      incident.acknowledged === null ? null : shownActor(incident.acknowledged.by),
    ]),
  };
}

/** One alert, with all that is known of it. */
export function alertFields(incident: StoredIncident): readonly ReportNode[] {
  const { acknowledged, labels, labelsLeftOut, annotations } = incident;
  const optional: readonly (Field | null)[] = [
    incident.state === 'firing'
      ? null
      : { id: 'ended', label: say('alert.field.ended'), value: { moment: incident.changedAt } },
    acknowledged === null
      ? null
      : { id: 'on_it', label: say('alert.field.on-it'), value: shownActor(acknowledged.by) },
    acknowledged?.note == null
      ? null
      : { id: 'note', label: say('alert.field.note'), value: acknowledged.note },
  ];
  const pairs = (values: Readonly<Record<string, string>>): ReportNode => ({
    type: 'list',
    items: Object.entries(values).map(([label, value]) => `${label}=${value}`),
  });
  return [
    { type: 'title', text: incident.name },
    {
      type: 'fields',
      fields: [
        { id: 'fingerprint', label: say('alert.field.id'), value: incident.fingerprint },
        { id: 'group', label: say('alert.field.group'), value: incident.group },
        {
          id: 'severity',
          label: say('alert.field.severity'),
          value: severityText(incident.severity),
        },
        { id: 'state', label: say('alert.field.state'), value: stateText(incident) },
        { id: 'since', label: say('alert.field.since'), value: { moment: incident.startsAt } },
        ...optional.flatMap((field) => field ?? []),
      ],
    },
    { type: 'paragraph', text: say('alert.field.labels') },
    pairs(labels),
    ...(labelsLeftOut === 0
      ? []
      : [{ type: 'paragraph', text: say('alert.labels.more', { count: labelsLeftOut }) } as const]),
    ...(Object.keys(annotations).length === 0
      ? []
      : [{ type: 'paragraph', text: say('alert.field.annotations') } as const, pairs(annotations)]),
  ];
}
