import { decodeRecoveryKey } from 'matrix-js-sdk/lib/crypto-api/recovery-key.js';
import { expect, test } from 'vitest';
import { makeRecoveryKey } from '../../lab/demo/recovery-key.ts';
import { EncryptedPerson } from '../../lab/encrypted/encrypted-person.ts';
import { startLab } from '../../lab/lab.ts';
import { login, register } from '../../lab/synapse/accounts.ts';
import { otherClient } from './other-client.ts';

test('the recovery key that the demo prints opens the identity in another client, which verifies itself with it', async () => {
  await using lab = await startLab({ name: 'demo-key', people: [] });
  const { baseUrl } = lab.synapse;
  const anna = await EncryptedPerson.watching(
    baseUrl,
    await register(baseUrl, { localpart: 'anna' }),
  );
  const { localpart, password } = anna.account;
  try {
    const key = decodeRecoveryKey(await makeRecoveryKey(anna));
    const session = await login(baseUrl, localpart, password);
    const { crypto, sdk } = await otherClient(lab, session, key);
    await crypto.userHasCrossSigningKeys(anna.userId, true);
    await crypto.bootstrapCrossSigning({});
    expect(await crypto.isCrossSigningReady()).toBe(true);
    sdk.stopClient();
  } finally {
    await anna.stop();
  }
});
