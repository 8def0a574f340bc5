import { jsonObjectSchema } from '../../../core/json.ts';
import type { Report, ReportNode } from '../../../core/report.ts';
import { say } from '../../../core/text.ts';
import type { BundlePart } from '../../../ops/bundle/bundle-part.ts';
import type { CapabilityName } from '../../capabilities.ts';
import type { Context } from '../../command.ts';
import { jsonDocument } from '../../render/json.ts';
import { renderTerminal } from '../../render/terminal.ts';
import { outcomeOfReport } from '../../jobs/endings.ts';
import { doctor } from '../doctor.ts';
import { events } from '../events.ts';
import { health } from '../health.ts';
import { info } from '../info.ts';
import { status } from '../status.ts';

/** What the commands use whose answers go into a bundle. */
export const reportUses = [
  ...status.uses,
  ...health.uses,
  ...doctor.uses,
  ...events.uses,
  ...info.uses,
] as const satisfies readonly CapabilityName[];

type ReportContext = Context<(typeof reportUses)[number]>;

/** Newest events that are taken. */
const mostEvents = 1000;

/** Answers of other commands, each as a page and as JSON, as whoever asks would get them now. */
export function reportParts(context: ReportContext): readonly BundlePart[] {
  const own = [part(context, 'status', (here) => status.run(here, {}))];
  // The others only tell of the cluster.
  if (!context.gauges.isConfigured) return own;
  const all = { component: undefined, all: true, limit: mostEvents };
  return [
    ...own,
    part(context, 'health', (here) => health.run(here, {})),
    part(context, 'doctor', (here) => doctor.run(here, {})),
    part(context, 'events', (here) => events.run(here, all)),
    part(context, 'info', (here) => info.run(here, {})),
  ];
}

function part(
  context: ReportContext,
  name: string,
  run: (context: ReportContext) => Report,
): BundlePart {
  return {
    title: say('bundle.part.report', { command: name }),
    what: `reports/${name}`,
    limitMs: 45_000,
    collect: async function* (signal) {
      const nodes: ReportNode[] = [];
      for await (const node of run({ ...context, signal })) nodes.push(node);
      const look = { colour: false, width: null };
      const { language } = context;
      const text = renderTerminal(nodes, language, look, 'terminal');
      yield { path: `reports/${name}.txt`, content: { text } };
      const answer = { command: name, job: null, outcome: outcomeOfReport(nodes), nodes };
      const json: unknown = JSON.parse(JSON.stringify(jsonDocument(answer, language)));
      yield { path: `reports/${name}`, content: { json: jsonObjectSchema.parse(json) } };
    },
  };
}
