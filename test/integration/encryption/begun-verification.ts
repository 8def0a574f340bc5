import {
  VerificationPhase,
  VerifierEvent,
  type ShowSasCallbacks,
  type VerificationRequest,
  type Verifier,
} from 'matrix-js-sdk/lib/crypto-api/verification.js';
import { until } from '../../lab/wait.ts';

/** A verification by emoji in a person's client. */
export interface BegunVerification {
  readonly sas: ShowSasCallbacks;
  /** `verified`, or why it ended. */
  readonly ended: Promise<string>;
}

/**
 * What is under way in clients. The SDK itself keeps but weak references: a verification that only
 * its own waiting holds is swept up in the middle, and that waiting never ends.
 */
const underWay = new Set<VerificationRequest | Verifier>();

/**
 * The person's part: begins with emoji when the bot agrees; resolves with what is to be compared.
 * Throws where it ends before.
 */
export async function begin(request: VerificationRequest): Promise<BegunVerification> {
  underWay.add(request);
  await until(
    'the bot agrees',
    () => {
      if (request.phase === VerificationPhase.Cancelled) {
        throw new Error(`called off: ${request.cancellationCode ?? ''}`);
      }
      return request.phase === VerificationPhase.Ready ? true : undefined;
    },
    { timeoutMs: 60_000 },
  );
  const verifier = await request.startVerification('m.sas.v1');
  underWay.add(verifier);
  const shown = new Promise<ShowSasCallbacks>((resolve) => {
    verifier.once(VerifierEvent.ShowSas, resolve);
    const already = verifier.getShowSasCallbacks();
    if (already !== null) resolve(already);
  });
  const ended = verifier.verify().then(
    () => 'verified',
    (error: unknown) => `ended: ${String(error)}`,
  );
  const never = ended.then((how) => Promise.reject(new Error(`nothing to compare: ${how}`)));
  return { sas: await Promise.race([shown, never]), ended };
}
