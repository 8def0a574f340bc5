import { z } from 'zod';
import { urtc } from '../../lab/product.ts';

const word = z.object({ key: z.string() });
const jobRow = z.object({ job: z.string(), command: z.string(), state: word });
const answer = z.object({ tables: z.object({ jobs: z.array(jobRow).default([]) }) });

/** A job as the terminal's `jobs --json` tells it. */
export interface JobNow {
  readonly job: string;
  /** `jobs.state.running`, … */
  readonly state: string;
}

/** What runs and waits in a running bot, by command line. */
export const jobsNow = async (configFile: string): Promise<ReadonlyMap<string, JobNow>> => {
  const { stdout } = await urtc(['jobs', '--json', '--config', configFile]);
  const { jobs } = answer.parse(JSON.parse(stdout)).tables;
  return new Map(jobs.map(({ job, command, state }) => [command, { job, state: state.key }]));
};
