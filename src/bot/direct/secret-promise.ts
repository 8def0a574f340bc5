import type { ReportNode } from '../../core/report.ts';
import { say } from '../../core/text.ts';
import { sealedCodeOf } from '../../commands/nouns/sealed-secret.ts';
import type { Database } from '../../platform/store/database.ts';
import { IdentityPins } from '../../platform/store/identity-pins.ts';
import type { Job } from '../../platform/store/jobs.ts';
import { SecretErrands } from '../../platform/store/secret-errands.ts';

/**
 * For answers to jobs of a room: where a job has made a secret, notes that it is to be handed to who
 * asked, and returns what the answer says about it. Part of the transaction that finishes the job;
 * `onPromised` is called inside it.
 */
export function createSecretPromise(
  database: Database,
  onPromised: () => void,
): (job: Job, report: readonly ReportNode[]) => readonly ReportNode[] {
  const errands = new SecretErrands(database);
  const pins = new IdentityPins(database);
  return ({ origin, line, language }, report) => {
    const sealed = sealedCodeOf(report);
    if (sealed === null || origin.surface !== 'room') return [];
    const { sender: person } = origin;
    errands.add({ ...sealed, person, label: line, language });
    onPromised();
    // Of whoever has never said anything encrypted it is not known yet.
    const isKnown = pins.find(person) !== null;
    const key = isKnown ? 'chat.direct.coming' : 'chat.direct.coming-if-verified';
    return [{ type: 'hint', text: say(key) }];
  };
}
