import type { CryptoApi } from '../../../src/bot/client/crypto-api.ts';
import { MatrixFailure } from '../../../src/bot/client/failure.ts';

/** Whether the home server hears a request that fails for us. */
export type Heard = 'unheard' | 'heard';

/**
 * The real API, in which each request fails that has not `failed` before, told apart by what it is
 * and how often it came in this life: before it is sent, or with its answer lost. `failed` outlives it.
 */
export function failingOnce(api: CryptoApi, failed: Set<string>, heard: Heard): CryptoApi {
  const met = new Map<string, number>();
  const pass = async <Answer>(what: string, call: () => Promise<Answer>): Promise<Answer> => {
    const times = (met.get(what) ?? 0) + 1;
    met.set(what, times);
    const name = `${what} ${times}`;
    if (failed.has(name)) return call();
    failed.add(name);
    if (heard === 'heard') await call();
    throw new MatrixFailure({ kind: 'unreachable', reason: 'cut by the test' });
  };
  return {
    perform: (request) => pass(request.kind, () => api.perform(request)),
    uploadSigningKeys: (body) => pass('signing keys', () => api.uploadSigningKeys(body)),
    accountData: (type) => pass(`get ${type}`, () => api.accountData(type)),
    putAccountData: (type, content) => pass(`put ${type}`, () => api.putAccountData(type, content)),
    backupVersion: () => pass('backup', () => api.backupVersion()),
    createBackup: (algorithm, data) => pass('new backup', () => api.createBackup(algorithm, data)),
    backedUpKeys: (version) => pass('backed up keys', () => api.backedUpKeys(version)),
  };
}
