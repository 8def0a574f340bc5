import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Notification, NotifiedAlert } from './notification.ts';

/** More alerts than this in one notification are refused. */
export const mostAlerts = 20_000;
const mostLabels = 64;
/** Characters of one value that are kept; the rest is of no use to a reader. */
const longestValue = 4000;

const texts = z.record(z.string(), z.string()).default({});

/** RFC 3339, as Go writes it: more digits of a second than a `Date` reads are cut. */
const moment = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'no moment' });
  return z.NEVER;
});

/**
 * Alertmanager's webhook payload, version "4" (its docs, configuration, `webhook_config`; the same
 * from 0.25 to 0.34 in all that is read here). Unknown fields are ignored, few are required.
 */
const payload = z.object({
  version: z.literal('4'),
  groupKey: z.string().min(1),
  receiver: z.string(),
  externalURL: z.string().default(''),
  groupLabels: texts,
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: texts,
      annotations: texts,
      startsAt: moment,
      endsAt: moment.optional(),
      generatorURL: z.string().default(''),
      fingerprint: z.string().optional(),
    }),
  ),
});

/** What became of a body. `too-many`: alerts. */
export type PayloadResult =
  | { readonly kind: 'ok'; readonly notification: Notification }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'too-many' };

function cut(text: string): string {
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`;
}

function cutAll(values: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(values).slice(0, mostLabels);
  return Object.fromEntries(kept.map(([name, value]) => [cut(name), cut(value)]));
}

/** Of labels, where the sender gives none; not Alertmanager's own hash. */
function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

type PayloadAlert = z.output<typeof payload>['alerts'][number];

function alertOf(told: PayloadAlert): NotifiedAlert {
  const { fingerprint = '' } = told;
  return {
    fingerprint: /^[0-9a-f]{16}$/.test(fingerprint) ? fingerprint : fingerprintOf(told.labels),
    status: told.status,
    startsAt: told.startsAt,
    // While it fires, Alertmanager tells the year 1 or when it would give it up.
    endsAt: told.status === 'resolved' ? (told.endsAt ?? null) : null,
    labels: cutAll(told.labels),
    annotations: cutAll(told.annotations),
    generatorUrl: cut(told.generatorURL),
  };
}

const counted = z.object({ alerts: z.array(z.unknown()) });

/** Reads a body that was JSON. Never throws; the reason is for the sender's log. */
export function readAlertmanagerPayload(body: unknown): PayloadResult {
  const size = counted.safeParse(body);
  if (size.success && size.data.alerts.length > mostAlerts) return { kind: 'too-many' };
  const parsed = payload.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.map(String).join('.') ?? '';
    return { kind: 'invalid', reason: `${place.slice(0, 100)}: not as in version "4"` };
  }
  const { receiver, groupKey, groupLabels, externalURL, alerts } = parsed.data;
  return {
    kind: 'ok',
    notification: {
      receiver: cut(receiver),
      groupKey,
      groupLabels: cutAll(groupLabels),
      externalUrl: cut(externalURL),
      alerts: alerts.map(alertOf),
    },
  };
}
