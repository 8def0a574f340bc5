import { describe, expect, it } from 'vitest';
import type { MachineRequest } from '../../../../src/bot/client/crypto-api.ts';
import { takeBackOneTimeKeys } from '../../../../src/bot/crypto/stale-one-time-keys.ts';
import { parseUserId } from '../../../../src/core/ids.ts';

const self = parseUserId('@bot:lab.test');
const owner = { self, deviceId: 'DEVICE' };

const server = (keys: readonly object[]) => {
  const asked: MachineRequest[] = [];
  const perform = (request: MachineRequest): Promise<string> => {
    const key = keys[asked.length];
    asked.push(request);
    const device = key === undefined ? {} : { DEVICE: { 'signed_curve25519:AAAAAQ': key } };
    return Promise.resolve(JSON.stringify({ one_time_keys: { [self]: device }, failures: {} }));
  };
  return { asked, api: { perform } };
};

describe('takeBackOneTimeKeys', () => {
  it('claims until the fallback key comes, which is never used up', async () => {
    const { asked, api } = server([{ key: 'a' }, { key: 'b' }, { key: 'c', fallback: true }]);
    expect(await takeBackOneTimeKeys(api, owner)).toBe(2);
    expect(asked).toHaveLength(3);
    const body = '{"one_time_keys":{"@bot:lab.test":{"DEVICE":"signed_curve25519"}}}';
    expect(asked[0]).toEqual({ kind: 'keys-claim', body });
  });

  it('ends where there is nothing, and with a home server that gives for ever', async () => {
    expect(await takeBackOneTimeKeys(server([]).api, owner)).toBe(0);
    const endless = server(Array.from({ length: 1000 }, () => ({ key: 'a' })));
    expect(await takeBackOneTimeKeys(endless.api, owner)).toBe(200);
  });
});
