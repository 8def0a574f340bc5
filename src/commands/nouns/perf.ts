import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Field, ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { Gauges } from '../../ops/gauges/gauges.ts';
import { settleView } from '../../ops/stack/settle-view.ts';
import { readStack } from '../../ops/stack/stack.ts';
import { usagePicture } from '../../ops/usage/picture.ts';
import { type ComponentUse, type NodeUse, readUsage } from '../../ops/usage/usage.ts';
import { defineRead } from '../command.ts';
import { dataAge } from './status/data-age.ts';

const hour = 3_600_000;

/** `perf`: what the node and the components use, now and as a picture of the last hours. */
export const perf = defineRead({
  words: ['perf'],
  summary: 'perf.summary',
  role: 'viewer',
  surface: 'everywhere',
  needs: 'cluster',
  uses: ['kubernetes', 'gauges', 'clock'],
  arguments: {},
  flags: {
    hours: {
      schema: z.coerce.number().int().min(1).max(48).default(6),
      about: 'perf.hours',
      value: 'HOURS',
    },
  },
  examples: ['perf', 'perf --hours=24'],
  async *run({ kubernetes, gauges, clock, signal }, { hours }) {
    await settleView(kubernetes.view, signal);
    const stack = readStack(kubernetes);
    const [use, answer] = await Promise.all([
      readUsage(kubernetes, signal),
      synapseAnswer(gauges, signal),
    ]);
    yield* dataAge(stack.data);
    if (use === null) {
      yield { type: 'outcome', outcome: 'warning', text: say('perf.no-metrics') };
      yield { type: 'hint', text: say('perf.no-metrics.next') };
    } else {
      yield nodes(use.nodes);
      yield components(use.components);
    }
    const disk = await gauges.disk(signal).catch((error: unknown) => {
      // The use is shown without it.
      if (error instanceof AppError) return null;
      throw error;
    });
    const more: Field[] = [
      ...(answer === null
        ? []
        : [{ id: 'synapse_answer_ms', label: say('perf.answer'), value: { span: answer } }]),
      ...(disk?.connections == null
        ? []
        : [
            {
              id: 'database_connections',
              label: say('status.connections'),
              value: `${disk.connections.used}/${disk.connections.most}`,
            },
          ]),
    ];
    if (more.length > 0) yield { type: 'fields', id: 'perf', fields: more };
    const span = { from: clock.now() - hours * hour, to: clock.now() };
    const picture = usagePicture(gauges.samples, stack.nodes[0] ?? null, span);
    yield picture ?? { type: 'hint', text: say('perf.no-history') };
  },
});

/** How long Synapse takes for the cheapest answer, ms; null: it does not answer. */
async function synapseAnswer(gauges: Gauges, signal: AbortSignal): Promise<number | null> {
  try {
    const request = { path: '/_matrix/client/versions', timeoutMs: 5000, signal };
    return Math.round((await gauges.endpoints.ask('synapse', request)).tookMs);
  } catch (error) {
    signal.throwIfAborted();
    // `health` says why.
    if (error instanceof AppError) return null;
    throw error;
  }
}

function shareOf(used: Text, total: number | null, amount: number, shown: Text): Text {
  if (total === null || total === 0) return used;
  return say('perf.of', { used, total: shown, percent: Math.round((100 * amount) / total) });
}

const cores = (milliCores: number): Text =>
  say('perf.cores', { cores: (milliCores / 1000).toFixed(2) });

function nodes(all: readonly NodeUse[]): ReportNode {
  return {
    type: 'table',
    id: 'nodes',
    columns: [
      { id: 'node', label: say('perf.column.node') },
      { id: 'cpu', label: say('perf.column.cpu') },
      { id: 'memory', label: say('perf.column.memory') },
    ],
    rows: all.map(({ name, milliCores, bytes, has }): readonly Text[] => [
      name,
      shareOf(cores(milliCores), has.milliCores, milliCores, cores(has.milliCores ?? 0)),
      shareOf({ bytes }, has.bytes, bytes, { bytes: has.bytes ?? 0 }),
    ]),
  };
}

function components(all: readonly ComponentUse[]): ReportNode {
  return {
    type: 'table',
    id: 'components',
    columns: [
      { id: 'component', label: say('perf.column.component') },
      { id: 'milli_cores', label: say('perf.column.cpu'), align: 'right' },
      { id: 'memory_bytes', label: say('perf.column.memory'), align: 'right' },
      { id: 'limit_bytes', label: say('perf.column.limit'), align: 'right' },
    ],
    rows: all.map(({ kind, milliCores, bytes, limitBytes }): readonly Text[] => [
      kind.title,
      `${milliCores} m`,
      { bytes },
      limitBytes === null ? null : { bytes: limitBytes },
    ]),
  };
}
