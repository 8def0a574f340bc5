import type { ReportNode } from '../../core/report.ts';
import type { Arguments, Flags } from '../command-form.ts';
import type { ReadCommand } from '../command.ts';
import type { CapabilityName } from '../capabilities.ts';
import type { Invocation } from '../parse/invocation.ts';
import { bounded, untilStopped } from './bounded.ts';
import { contextOf } from './context.ts';
import type { Desk } from './desk.ts';
import { outcomeOfReport } from './endings.ts';
import { finishJob } from './finish.ts';
import type { OpenJob } from './open-job.ts';
import { permit } from './permit.ts';

/** A read with its types forgotten. */
export type AnyRead = ReadCommand<Arguments, Flags, CapabilityName>;

/** Runs a read and answers. It leaves nothing behind, so that it can simply be run again. */
export async function runRead(
  desk: Desk,
  open: OpenJob,
  invocation: Invocation,
  command: AnyRead,
): Promise<void> {
  permit(desk, open, invocation);
  const give = await desk.reads.acquire(untilStopped(desk, open));
  try {
    const actor = permit(desk, open, invocation);
    const collect = async (signal: AbortSignal): Promise<readonly ReportNode[]> => {
      const nodes: ReportNode[] = [];
      const context = contextOf(desk, open, command, actor, signal);
      for await (const node of command.run(context, invocation.input)) nodes.push(node);
      return nodes;
    };
    const timeoutMs = command.timeoutMs?.(invocation.input);
    const report = await bounded(desk, open, open.draft.command, collect, timeoutMs);
    const outcome = outcomeOfReport(report);
    finishJob(desk, open, { outcome, report, decision: 'finished', result: outcome, keep: false });
  } finally {
    give();
  }
}
