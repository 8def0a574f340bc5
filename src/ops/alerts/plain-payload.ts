import { z } from 'zod';
import { fingerprintOf, keptKey, keptText, keptTexts, leftOut, sentTexts } from './kept-text.ts';
import type { Notification, NotifiedAlert } from './notification.ts';
import type { PostResult } from './post.ts';
import { isSeverity, severities } from './severity.ts';

const wrongSeverity = `one of ${severities.join(', ')}`;

const plain = z.strictObject({
  title: z.string().trim().min(1),
  text: z.string().default(''),
  severity: z.string().refine(isSeverity, wrongSeverity).optional(),
  id: z.string().min(1).optional(),
  status: z.enum(['firing', 'resolved']).default('firing'),
  labels: sentTexts,
  url: z.string().default(''),
});

/**
 * Reads a body that was JSON: what a script of one's own sends (docs/alerts.md, "A script of one's
 * own"). `now`: ms since the epoch. Never throws.
 *
 * `id` says what it is about, and is the title where there is none: it makes the group, in which
 * there is one alert.
 */
export function readPlainPayload(body: unknown, now: number): PostResult {
  const read = plain.safeParse(body);
  if (!read.success) return { kind: 'invalid', reason: reasonOf(read.error.issues[0]) };
  const { title, text, severity, id = title, status, labels, url } = read.data;
  const own = { alertname: title, ...(severity === undefined ? {} : { severity }) };
  const all = { ...own, ...labels, ...own };
  const kept = keptTexts(all);
  const labelsLeftOut = leftOut(all, kept);
  const alert: NotifiedAlert = {
    fingerprint: fingerprintOf({ id }),
    status,
    startsAt: now,
    endsAt: status === 'resolved' ? now : null,
    labels: kept,
    ...(labelsLeftOut === 0 ? {} : { labelsLeftOut }),
    annotations: text === '' ? {} : { summary: keptText(text) },
    generatorUrl: keptText(url),
  };
  const notification: Notification = {
    ...{ source: 'plain', receiver: 'plain', groupKey: keptKey(id), externalUrl: '' },
    groupLabels: { alertname: keptText(title) },
    alerts: [alert],
  };
  return { kind: 'ok', parts: [notification] };
}

/** What is wrong with it, for whoever wrote the script. */
function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(plain.shape).join(', ');
    return `${issue.keys.join(', ').slice(0, 100)}: unknown; there are ${known}`;
  }
  const place = issue?.path.map(String).join('.').slice(0, 100) ?? '';
  if (issue?.code === 'custom') return `${place}: ${issue.message}`;
  return `${place}: not as docs/alerts.md has it`;
}

/**
 * What a plain alert means for what fires in its group. Scripts know of no beginnings: firing while it
 * fires is the same, with whatever severity, resolved ends it, and where nothing fires it means nothing:
 * a script may say "all is well" with every run.
 */
export function settlePlain(
  told: NotifiedAlert,
  firing: readonly Pick<NotifiedAlert, 'fingerprint' | 'startsAt' | 'labels' | 'annotations'>[],
): readonly NotifiedAlert[] {
  const [known] = firing;
  if (told.status === 'firing') {
    // By the name that it began under.
    const { fingerprint, startsAt } = known ?? told;
    return [{ ...told, fingerprint, startsAt }];
  }
  return firing.map(({ fingerprint, startsAt, labels, annotations }): NotifiedAlert => ({
    ...{ ...told, endsAt: told.startsAt, fingerprint, startsAt },
    ...{ labels: { ...labels }, annotations: { ...annotations } },
  }));
}
