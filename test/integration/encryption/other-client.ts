import { createClient, type MatrixClient } from 'matrix-js-sdk';
import type { CryptoApi } from 'matrix-js-sdk/lib/crypto-api/index.js';
import type { Lab } from '../../lab/lab.ts';
import { quiet } from '../../lab/encrypted/quiet.ts';
import type { Account } from '../../lab/synapse/accounts.ts';

/** Another device of an account, with the Matrix SDK that Element is made of. */
export interface OtherClient {
  readonly sdk: MatrixClient;
  readonly crypto: CryptoApi;
}

/** Opens one that has the recovery key, as somebody types it in at a new login. */
export async function otherClient(
  lab: Lab,
  account: Account,
  recoveryKey: Uint8Array,
): Promise<OtherClient> {
  const { userId, deviceId, accessToken } = account;
  const sdk = createClient({
    ...{ userId, deviceId, accessToken },
    baseUrl: lab.synapse.baseUrl,
    logger: quiet,
    disableVoip: true,
    cryptoCallbacks: {
      getSecretStorageKey: ({ keys }) => {
        const [id] = Object.keys(keys);
        return Promise.resolve(id === undefined ? null : [id, new Uint8Array(recoveryKey)]);
      },
    },
  });
  await sdk.initRustCrypto({ useIndexedDB: false });
  const crypto = sdk.getCrypto();
  if (crypto === undefined) throw new Error('the Matrix SDK came without its crypto');
  return { sdk, crypto };
}
