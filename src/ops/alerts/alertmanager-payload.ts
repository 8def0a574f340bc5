import { z } from 'zod';
import {
  fingerprintOf,
  keptAnnotations,
  keptKey,
  keptText,
  keptTexts,
  leftOut,
  sentMoment,
  sentTexts,
  type SentTexts,
} from './kept-text.ts';
import type { Notification, NotifiedAlert } from './notification.ts';
import { alertsPerPart, mostAlerts, type PostResult } from './post.ts';
import { Turns } from './turns.ts';

const link = z
  .string()
  .nullish()
  .transform((url) => url ?? '');

/**
 * What all of the body but its alerts is. Alertmanager's webhook payload is version "4" (its docs,
 * configuration, `webhook_config`; the same from 0.25 to 0.34 in all that is read here), Grafana's
 * near copy of it version "1" (grafana/alerting, `receivers/webhook/v1`). Unknown fields are ignored,
 * few are required.
 */
const head = z.object({
  version: z.enum(['1', '4']),
  groupKey: z.string().min(1),
  receiver: z.string(),
  externalURL: link,
  groupLabels: sentTexts,
  alerts: z.array(z.unknown()),
  /** Grafana's alone. */
  orgId: z.number().optional(),
});

const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: sentTexts,
  annotations: sentTexts,
  startsAt: sentMoment,
  endsAt: sentMoment.optional(),
  generatorURL: link,
  fingerprint: z.string().optional(),
  /** Grafana's alone: the picture that a person wants to see, and why the rule fired. */
  panelURL: link,
  dashboardURL: link,
  valueString: link,
});

type SentAlert = z.output<typeof alert>;

function urlOf({ panelURL, dashboardURL, generatorURL }: SentAlert): string {
  return [panelURL, dashboardURL, generatorURL].find((url) => url !== '') ?? '';
}

/** Where the rule's author has written no word, Grafana's values are better than none. */
function annotationsOf({ annotations, valueString }: SentAlert): SentTexts {
  const said = annotations?.['summary'] ?? annotations?.['description'] ?? '';
  return said !== '' || valueString === '' ? annotations : { ...annotations, summary: valueString };
}

function alertOf(told: SentAlert): NotifiedAlert {
  const { fingerprint = '' } = told;
  const labels = keptTexts(told.labels);
  const labelsLeftOut = leftOut(told.labels, labels);
  return {
    fingerprint: /^[0-9a-f]{16}$/.test(fingerprint) ? fingerprint : fingerprintOf(told.labels),
    status: told.status,
    startsAt: told.startsAt,
    // While it fires, Alertmanager tells the year 1 or when it would give it up.
    endsAt: told.status === 'resolved' ? (told.endsAt ?? null) : null,
    labels,
    ...(labelsLeftOut === 0 ? {} : { labelsLeftOut }),
    annotations: keptAnnotations(annotationsOf(told)),
    generatorUrl: keptText(urlOf(told)),
  };
}

function invalid(place: readonly PropertyKey[]): PostResult {
  const shown = place.map(String).join('.').slice(0, 100);
  return { kind: 'invalid', reason: `${shown}: not as in version "4" or Grafana's "1"` };
}

/**
 * Reads a body that was JSON: Alertmanager's or Grafana's. Never throws. Lets others have their turn
 * in between: ten thousand alerts are a quarter of a second.
 */
export async function readAlertmanagerPayload(body: unknown): Promise<PostResult> {
  const read = head.safeParse(body);
  if (!read.success) return invalid(read.error.issues[0]?.path ?? []);
  const { version, orgId, receiver, groupKey, groupLabels, externalURL, alerts } = read.data;
  if (alerts.length > mostAlerts) return { kind: 'too-many' };
  const group: Omit<Notification, 'alerts'> = {
    source: version === '1' || orgId !== undefined ? 'grafana' : 'alertmanager',
    receiver: keptText(receiver),
    groupKey: keptKey(groupKey),
    groupLabels: keptTexts(groupLabels),
    externalUrl: keptText(externalURL),
  };
  let last: NotifiedAlert[] = [];
  const parts: Notification[] = [{ ...group, alerts: last }];
  const turns = new Turns();
  for (const [nth, sent] of alerts.entries()) {
    if (turns.isDue) await turns.rest();
    const told = alert.safeParse(sent);
    if (!told.success) return invalid(['alerts', nth, ...(told.error.issues[0]?.path ?? [])]);
    if (last.length === alertsPerPart) {
      last = [];
      parts.push({ ...group, alerts: last });
    }
    last.push(alertOf(told.data));
  }
  return { kind: 'ok', parts };
}
