import type { Actor } from '../actor.ts';
import type { Invocation } from '../parse/invocation.ts';
import { actorOf } from './actor-of.ts';
import { bounded } from './bounded.ts';
import type { Desk } from './desk.ts';
import type { OpenJob } from './open-job.ts';

/** Who asks, if he may do this now. Throws `E_NOT_ALLOWED` and what `authorise` throws. */
export function permit(desk: Desk, open: OpenJob, invocation: Invocation): Actor {
  const actor = actorOf(open.draft, desk.parts.capabilities.people);
  desk.parts.permissions.authorise(invocation, actor, open.draft.origin.surface);
  return actor;
}

/** Throws where the account that it acts on is guarded. */
export async function guard(
  desk: Desk,
  open: OpenJob,
  invocation: Invocation,
  actor: Actor,
): Promise<void> {
  await bounded(desk, open, open.draft.command, (signal) =>
    desk.parts.permissions.guard(invocation, actor, signal),
  );
}
