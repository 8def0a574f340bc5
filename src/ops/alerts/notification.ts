import { createHash } from 'node:crypto';
import { z } from 'zod';
import { alertSources } from '../../platform/store/alert-row.ts';

const texts = z.record(z.string(), z.string());

const alert = z.object({
  fingerprint: z.string(),
  status: z.enum(['firing', 'resolved']),
  /** ms since the epoch. */
  startsAt: z.int(),
  /** ms since the epoch; null: not told, it fires. */
  endsAt: z.int().nullable(),
  labels: texts,
  /** How many labels are not kept; not there where all are. */
  labelsLeftOut: z.int().optional(),
  annotations: texts,
  generatorUrl: z.string(),
});

const notification = z.object({
  // Not there in what was stored before there was another.
  source: z.enum(alertSources).default('alertmanager'),
  receiver: z.string(),
  groupKey: z.string(),
  groupLabels: texts,
  externalUrl: z.string(),
  alerts: z.array(alert),
});

/** One alert of a notification. */
export type NotifiedAlert = z.output<typeof alert>;

/** What a sender tells about one group, in our own form: it is what is stored. */
export type Notification = z.output<typeof notification>;

/** Reads what was stored. Throws where it is not of our making. */
export function readNotification(json: string): Notification {
  return notification.parse(JSON.parse(json));
}

/** Stable short id of a group: what people type. 40 bits, for some thousand groups. */
export function groupIdOf({
  source,
  receiver,
  groupKey,
}: Pick<Notification, 'source' | 'receiver' | 'groupKey'>) {
  const key = source === 'alertmanager' ? [receiver, groupKey] : [source, receiver, groupKey];
  const hash = createHash('sha256').update(JSON.stringify(key));
  return `g${hash.digest('hex').slice(0, 10)}`;
}
