import type { OlmMachine } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { UserId } from '../../core/ids.ts';
import { masterKeyOf } from './master-key-of.ts';
import type { RequestPump } from './request-pump.ts';
import type { CryptoLibrary } from './wasm.ts';

/** What {@link acceptApproved} needs. */
export interface AcceptApprovedParts {
  readonly library: CryptoLibrary;
  readonly machine: OlmMachine;
  readonly pump: Pick<RequestPump, 'exclusively'>;
}

/**
 * Lets the machine take the identity that it sees now for the person's, too, where it is the approved
 * one: somebody who was verified before would else stay refused. Not while it takes in what the home
 * server shows of people: it would write down again what it read before.
 */
export async function acceptApproved(
  { library, machine, pump }: AcceptApprovedParts,
  { user, masterKey }: { readonly user: UserId; readonly masterKey: string },
): Promise<void> {
  await pump.exclusively(async () => {
    const identity = await machine.getIdentity(new library.UserId(user));
    if (!(identity instanceof library.OtherUserIdentity)) return;
    try {
      if (masterKeyOf(identity.masterKey) !== masterKey) return;
      if (identity.hasVerificationViolation()) await identity.withdrawVerification();
      if (identity.identityNeedsUserApproval()) await identity.pinCurrentMasterKey();
    } finally {
      identity.free();
    }
  });
}
