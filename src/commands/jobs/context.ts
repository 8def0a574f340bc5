import type { Actor } from '../actor.ts';
import type { CapabilityName } from '../capabilities.ts';
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
    tell: (text) => {
      try {
        // A job that people hear of has a row, and can be cancelled.
        job.surface?.progress(job.record ?? job.write((record) => record), text);
      } catch (error) {
        desk.parts.log.warn({ err: error }, 'progress could not be told');
      }
    },
  };
  const named = new Set<string>(command.uses);
  Object.keys(desk.capabilities)
    .filter((name) => !named.has(name))
    .forEach((name) => Reflect.deleteProperty(context, name));
  return context;
}
