import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import type { ClusterNode } from '../../platform/kubernetes/port.ts';
import type { Samples } from '../../platform/store/samples.ts';
import { type ChartPoint, chartSize, drawChart } from './chart.ts';
import { usageSeries } from './usage.ts';

/** Fewer points than this make no picture. */
const fewest = 3;

/**
 * Processor and memory of a node over time, as a picture and as lines for a screen without pictures;
 * null where too little was measured. Moments in ms since the epoch.
 */
export function usagePicture(
  samples: Samples,
  node: ClusterNode | null,
  span: { readonly from: number; readonly to: number },
): Extract<ReportNode, { type: 'file' }> | null {
  const { milliCores, bytes } = node?.capacity ?? {};
  if (node === null || !milliCores || !bytes) return null;
  const parts = (what: 'cpu' | 'memory', whole: number): readonly ChartPoint[] =>
    samples
      .range(usageSeries('node', node.name, what), span.from)
      .filter(({ at }) => at <= span.to)
      .map(({ at, value }) => ({ at, part: value / whole }));
  const cpu = parts('cpu', milliCores);
  const memory = parts('memory', bytes);
  if (cpu.length < fewest || memory.length < fewest) return null;
  const offsetMinutes = -new Date(span.to).getTimezoneOffset();
  return {
    type: 'file',
    name: 'perf.png',
    mimetype: 'image/png',
    content: drawChart({ cpu, memory, ...span, offsetMinutes }),
    picture: {
      ...chartSize,
      alt: say('perf.picture', { hours: { span: span.to - span.from } }),
      lines: [
        { id: 'cpu', label: say('perf.line.cpu'), values: cpu.map(({ part }) => part) },
        { id: 'memory', label: say('perf.line.memory'), values: memory.map(({ part }) => part) },
      ],
    },
  };
}
