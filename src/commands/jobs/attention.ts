import type { Desk } from './desk.ts';
import type { OpenJob } from './open-job.ts';

/**
 * Lets the surface say that it works on the job, once, when no answer is ready after a while. The
 * returned function ends the wait.
 */
export function attend(desk: Desk, open: OpenJob): () => void {
  const over = new AbortController();
  const { clock } = desk.parts.capabilities;
  clock.sleep(desk.limits.workingAfterMs, over.signal).then(
    () => tellWorking(desk, open),
    () => undefined,
  );
  return () => over.abort();
}

function tellWorking(desk: Desk, open: OpenJob): void {
  const { record, surface } = open;
  if (record === null || record.state === 'finished' || record.state === 'waiting') return;
  if (!open.claimWorking()) return;
  try {
    // One transaction: what it writes is one thing to see.
    desk.parts.database.transaction(() => surface?.working(record));
  } catch (error) {
    desk.parts.log.warn({ err: error, job: record.id }, 'the surface could not say that it works');
  }
}
