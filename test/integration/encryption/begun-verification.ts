import {
  VerificationPhase,
  VerifierEvent,
  type ShowSasCallbacks,
  type VerificationRequest,
} from 'matrix-js-sdk/lib/crypto-api/verification.js';
import { until } from '../../lab/wait.ts';

/** A verification by emoji in a person's client. */
export interface BegunVerification {
  readonly sas: ShowSasCallbacks;
  /** `verified`, or why it ended. */
  readonly ended: Promise<string>;
}

/** The person's part: begins with emoji when the bot agrees; resolves with what is to be compared. */
export async function begin(request: VerificationRequest): Promise<BegunVerification> {
  await until(
    'the bot agrees',
    () => (request.phase === VerificationPhase.Ready ? true : undefined),
    { timeoutMs: 20_000 },
  );
  const verifier = await request.startVerification('m.sas.v1');
  const shown = new Promise<ShowSasCallbacks>((resolve) => {
    verifier.once(VerifierEvent.ShowSas, resolve);
  });
  const ended = verifier.verify().then(
    () => 'verified',
    (error: unknown) => `ended: ${String(error)}`,
  );
  return { sas: await shown, ended };
}
