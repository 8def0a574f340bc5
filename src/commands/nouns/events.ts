import { z } from 'zod';
import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import { findEvents } from '../../ops/stack/find-events.ts';
import { settleView } from '../../ops/stack/settle-view.ts';
import { readStack } from '../../ops/stack/stack.ts';
import type { ClusterEvent } from '../../platform/kubernetes/port.ts';
import { defineRead } from '../command.ts';
import { dataWarning } from './status/data-age.ts';

/** `events [COMPONENT]`: what the cluster says happened, newest first. */
export const events = defineRead({
  words: ['events'],
  summary: 'events.summary',
  role: 'viewer',
  surface: 'everywhere',
  needs: 'cluster',
  uses: ['kubernetes'],
  arguments: {
    component: {
      schema: z.string().min(1).max(80).optional(),
      about: 'events.component',
      optional: true,
    },
  },
  flags: {
    all: { schema: z.boolean().default(false), about: 'events.all' },
    limit: {
      schema: z.coerce.number().int().min(1).max(200).default(20),
      about: 'events.limit',
      value: 'COUNT',
    },
  },
  examples: ['events', 'events synapse --all --limit=50'],
  async *run({ kubernetes, signal }, { component, all, limit }) {
    await settleView(kubernetes.view, signal);
    const found = findEvents(kubernetes, { component: component ?? null, all });
    yield* dataWarning(readStack(kubernetes).data);
    if (found.length === 0) {
      yield { type: 'paragraph', text: say(all ? 'events.none' : 'events.none-bad') };
      return;
    }
    yield table(found.slice(0, limit));
    if (found.length > limit) {
      yield { type: 'hint', text: say('events.more', { count: found.length - limit }) };
    }
  },
});

function table(found: readonly ClusterEvent[]): ReportNode {
  return {
    type: 'table',
    id: 'events',
    columns: [
      { id: 'at', label: say('events.column.at') },
      { id: 'about', label: say('events.column.about') },
      { id: 'reason', label: say('events.column.reason') },
      { id: 'message', label: say('events.column.message') },
      { id: 'count', label: say('events.column.count'), align: 'right' },
    ],
    rows: found.map(({ lastAt, about, reason, message, count }): readonly Text[] => [
      { moment: lastAt },
      `${about.kind} ${about.name}`,
      reason,
      message,
      count,
    ]),
  };
}
