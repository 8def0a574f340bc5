import { z } from 'zod';
import { parseOutboxId, parseRoomId } from '../../core/ids.ts';
import type { OutboxId, RoomId } from '../../core/ids.ts';

/** Who says that he sees to it. */
export interface Acknowledgement {
  /** As the audit log names him. */
  readonly by: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly note: string | null;
}

/** One incident: a fingerprint in its group with one `startsAt`. Times in ms since the epoch. */
export interface StoredIncident {
  readonly group: string;
  /** 16 hex digits. */
  readonly fingerprint: string;
  /** Alertmanager's word. */
  readonly startsAt: number;
  readonly state: 'firing' | 'resolved';
  /** How it ended, where it did. `unreported`: Alertmanager has it not any more. */
  readonly endedBy: 'resolved' | 'superseded' | 'unreported' | null;
  /** Of the last resolve that was told. */
  readonly endsAt: number | null;
  /** By our clock, as the following. */
  readonly openedAt: number;
  /** When its state last changed. */
  readonly changedAt: number;
  /** When it was last told of. */
  readonly toldAt: number;
  /** The worse, the higher. */
  readonly severity: number;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How many more labels it has than are kept. */
  readonly labelsLeftOut: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly generatorUrl: string;
  readonly acknowledged: Acknowledgement | null;
}

/** Who sends alerts. `plain`: a program of one's own. */
export const alertSources = ['alertmanager', 'grafana', 'plain'] as const;
/** One of {@link alertSources}. */
export type AlertSource = (typeof alertSources)[number];

/** A group of alerts of one receiver. */
export interface StoredGroup {
  /** What people type: `g` and hex digits. */
  readonly id: string;
  /** Who tells of it: only what is Alertmanager's can be asked about at Alertmanager. */
  readonly source: AlertSource;
  readonly receiver: string;
  readonly groupKey: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
  /** That shows it; null: none does. */
  readonly message: number | null;
  /** When people were last mentioned about it, ms since the epoch. */
  readonly mentionedAt: number | null;
}

/** A message in a room that shows one group, or many. Times in ms since the epoch. */
export interface AlertMessage {
  readonly id: number;
  readonly kind: 'group' | 'digest';
  readonly room: RoomId;
  readonly outbox: OutboxId;
  readonly madeAt: number;
  /** What was over since then is in it. */
  readonly overSince: number;
  /** When the last group came to it. */
  readonly joinedAt: number;
  /** Somebody has removed it. */
  readonly isGone: boolean;
}

const texts = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.string()));

/** As SQLite gives it. */
export const incidentRow = z
  .object({
    group_id: z.string(),
    fingerprint: z.string(),
    starts_at: z.int(),
    state: z.enum(['firing', 'resolved']),
    ended_by: z.enum(['resolved', 'superseded', 'unreported']).nullable(),
    ends_at: z.int().nullable(),
    opened_at: z.int(),
    changed_at: z.int(),
    told_at: z.int(),
    severity: z.int(),
    name: z.string(),
    labels: texts,
    labels_left_out: z.int(),
    annotations: texts,
    generator_url: z.string(),
    ack_by: z.string().nullable(),
    ack_at: z.int().nullable(),
    ack_note: z.string().nullable(),
  })
  .transform((row): StoredIncident => ({
    group: row.group_id,
    fingerprint: row.fingerprint,
    startsAt: row.starts_at,
    state: row.state,
    endedBy: row.ended_by,
    endsAt: row.ends_at,
    openedAt: row.opened_at,
    changedAt: row.changed_at,
    toldAt: row.told_at,
    severity: row.severity,
    name: row.name,
    labels: row.labels,
    labelsLeftOut: row.labels_left_out,
    annotations: row.annotations,
    generatorUrl: row.generator_url,
    acknowledged:
      row.ack_by === null || row.ack_at === null
        ? null
        : { by: row.ack_by, at: row.ack_at, note: row.ack_note },
  }));

/** As SQLite takes it. */
export function incidentColumns(incident: StoredIncident) {
  const { acknowledged } = incident;
  return {
    group: incident.group,
    fingerprint: incident.fingerprint,
    startsAt: incident.startsAt,
    state: incident.state,
    endedBy: incident.endedBy,
    endsAt: incident.endsAt,
    openedAt: incident.openedAt,
    changedAt: incident.changedAt,
    toldAt: incident.toldAt,
    severity: incident.severity,
    name: incident.name,
    labels: JSON.stringify(incident.labels),
    labelsLeftOut: incident.labelsLeftOut,
    annotations: JSON.stringify(incident.annotations),
    generatorUrl: incident.generatorUrl,
    ackBy: acknowledged?.by ?? null,
    ackAt: acknowledged?.at ?? null,
    ackNote: acknowledged?.note ?? null,
  };
}

/** As SQLite gives it. */
export const groupRow = z
  .object({
    id: z.string(),
    source: z.enum(alertSources),
    receiver: z.string(),
    group_key: z.string(),
    labels: texts,
    external_url: z.string(),
    message: z.int().nullable(),
    mentioned_at: z.int().nullable(),
  })
  .transform((row): StoredGroup => ({
    id: row.id,
    source: row.source,
    receiver: row.receiver,
    groupKey: row.group_key,
    labels: row.labels,
    externalUrl: row.external_url,
    message: row.message,
    mentionedAt: row.mentioned_at,
  }));

/** As SQLite gives it. */
export const messageRow = z
  .object({
    id: z.int(),
    kind: z.enum(['group', 'digest']),
    room_id: z.string().transform(parseRoomId),
    outbox_id: z.string().transform(parseOutboxId),
    made_at: z.int(),
    over_since: z.int().nullable(),
    joined_at: z.int(),
    is_gone: z.int(),
  })
  .transform((row): AlertMessage => ({
    id: row.id,
    kind: row.kind,
    room: row.room_id,
    outbox: row.outbox_id,
    madeAt: row.made_at,
    overSince: row.over_since ?? row.made_at,
    joinedAt: row.joined_at,
    isGone: row.is_gone === 1,
  }));
