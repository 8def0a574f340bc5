import type { Actor } from '../actor.ts';
import type { CapabilityName, Speech } from '../capabilities.ts';
import type { Command, Context } from '../command.ts';
import type { Desk } from './desk.ts';
import type { OpenJob } from './open-job.ts';

/** What the command gets: the capabilities that it names, nothing else is there at run time. */
export function contextOf(
  desk: Desk,
  job: OpenJob,
  command: Command,
  actor: Actor,
  signal: AbortSignal,
): Context<CapabilityName> {
  const context: Context<CapabilityName> = {
    ...desk.capabilities,
    actor,
    language: job.draft.language,
    surface: job.draft.origin.surface,
    signal,
    speech: speechOf(desk, job),
  };
  const named = new Set<string>(command.uses);
  [...Object.keys(desk.capabilities), 'speech']
    .filter((name) => !named.has(name))
    .forEach((name) => Reflect.deleteProperty(context, name));
  return context;
}

function speechOf(desk: Desk, job: OpenJob): Speech {
  const { jobs, capabilities } = desk.parts;
  return {
    get isSealed() {
      return job.surface?.isSealed?.(job.draft.origin) ?? false;
    },
    progress: (text) => {
      try {
        // A job that people hear of has a row, and can be cancelled.
        job.surface?.progress(job.record ?? job.write((row) => row), text);
      } catch (error) {
        desk.parts.log.warn({ err: error }, 'progress could not be told');
      }
    },
    tell: (nodes) => {
      const begun = { state: 'running' } as const;
      const record =
        job.record ?? job.write((row) => jobs.transition(row, begun, capabilities.clock.now()));
      job.surface?.tell(record, nodes);
    },
  };
}
