import { z } from 'zod';
import { parseJobId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import { defineChange } from '../command.ts';

/**
 * `cancel`: stops a job or takes its question back. The job's own answer says what was done by then.
 * It holds no resource, so that it never waits behind the job that it is to stop.
 */
export const cancel = defineChange({
  words: ['cancel'],
  summary: 'cancel.summary',
  role: 'operator',
  effect: 'change',
  surface: 'everywhere',
  uses: ['jobs'],
  arguments: { job: { schema: z.string().transform(parseJobId), about: 'cancel.job' } },
  flags: {},
  examples: ['cancel jk4rw'],
  account: () => null,
  resources: () => [],
  plan: ({ jobs, actor }, { job }) => {
    jobs.assertCancellable(job, actor);
    const line = jobs.find(job)?.line ?? '';
    return Promise.resolve({
      facts: { job },
      shown: [{ type: 'paragraph', text: say('cancel.plan', { job, line }) }],
    });
  },
  steps: [
    {
      name: 'cancel',
      run: ({ jobs, actor }, { input }) => {
        jobs.cancel(input.job, actor);
        return Promise.resolve({});
      },
      settle: ({ jobs }, { input }) =>
        Promise.resolve(
          jobs.find(input.job)?.state === 'finished'
            ? { state: 'done', result: {} }
            : { state: 'not-done' },
        ),
    },
  ],
  report: ({ input }) => [
    { type: 'outcome', outcome: 'ok', text: say('cancel.asked', { job: input.job }) },
  ],
});
