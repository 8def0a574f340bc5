import { z } from 'zod';
import type { ReportNode } from '../../core/report.ts';
import { say, type Text } from '../../core/text.ts';
import type { Job } from '../../platform/store/jobs.ts';
import { defineRead } from '../command.ts';
import { stepWords } from '../jobs/step-words.ts';

/** At most so many are listed. */
const most = 50;

/** `jobs`: what runs, waits and, with `--all`, what ran. */
export const jobs = defineRead({
  words: ['jobs'],
  summary: 'jobs.summary',
  role: 'viewer',
  surface: 'everywhere',
  uses: ['jobs', 'clock', 'config'],
  arguments: {},
  flags: { all: { schema: z.boolean(), about: 'jobs.all' } },
  examples: ['jobs', 'jobs --all'],
  async *run({ jobs, clock, config }, { all }) {
    await Promise.resolve();
    const found = jobs.list({ includeFinished: all, limit: most });
    yield table(found, clock.now());
    const isCutOff = !config.isRunning && found.some(({ outcome }) => outcome === null);
    if (isCutOff) yield { type: 'paragraph', text: say('jobs.no-bot') };
    if (!all) yield { type: 'hint', text: say('jobs.all-hint') };
  },
});

function table(found: readonly Job[], now: number): ReportNode {
  return {
    type: 'table',
    id: 'jobs',
    none: say('jobs.none'),
    columns: [
      { id: 'job', label: say('jobs.column.job') },
      { id: 'command', label: say('jobs.column.command') },
      { id: 'by', label: say('jobs.column.by') },
      { id: 'state', label: say('jobs.column.state') },
      { id: 'step', label: say('jobs.column.step') },
      { id: 'age', label: say('jobs.column.age'), align: 'right' },
    ],
    rows: found.map((job) => [
      job.id,
      job.line,
      job.origin.surface === 'room' ? job.origin.sender : job.origin.login,
      stateOf(job),
      job.state === 'running' && job.step !== null ? stepWords(job.step) : null,
      { span: Math.max(0, now - job.createdAt) },
    ]),
  };
}

function stateOf(job: Job): Text {
  return job.outcome === null ? say(`jobs.state.${job.state}`) : say(`outcome.${job.outcome}`);
}
