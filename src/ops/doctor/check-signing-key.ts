import { firstWithStrongKey } from '../../core/supported-versions.ts';
import { say, type Text } from '../../core/text.ts';
import { compareVersions } from '../stack/may-scale.ts';
import type { Facts } from './facts.ts';
import { onFact, type Finding, type Verdict } from './finding.ts';

/**
 * The public half of the one key that charts before 25.12.1 "made" everywhere, from a seed that is
 * always the same (CVE-2026-24044, ELEMENTSEC-2025-1670). Synapse from 1.147.1 on refuses whatever
 * it signed (BANNED_SERVER_SIGNING_KEYS in synapse/crypto/keyring.py).
 */
const weakKey = 'l/O9hxMVKB6Lg+3Hqf0FQQZhVESQcMzbPN1Cz2nM3og';

/** Whether a key in base64, padded or not, is that one. */
export function isWeakKey(key: string): boolean {
  return key.trim().replace(/=+$/, '') === weakKey;
}

/**
 * Looks for the weak signing key among those that the home server shows: as the present one, and as
 * an old one, by which forged events of the past are still believed.
 */
export function checkSigningKey({ signingKeys, state }: Facts): Verdict {
  return onFact(signingKeys, ({ current, old }): readonly Finding[] => {
    const id = idOf(current);
    if (id !== null) {
      const chart = state.is === 'known' ? state.value.stack.chart : null;
      const isOld = chart !== null && compareVersions(chart, firstWithStrongKey) < 0;
      const fix = isOld
        ? say('doctor.signing-key.upgrade', { version: firstWithStrongKey })
        : say('doctor.signing-key.replace');
      return [finding('broken', say('doctor.signing-key.seen', { id }), fix, values)];
    }
    const oldId = idOf(old);
    if (oldId === null) return [];
    const seen = say('doctor.signing-key.old-seen', { id: oldId });
    return [
      finding('warning', seen, say('doctor.signing-key.old-fix', { id: oldId }), oldValues(oldId)),
    ];
  });
}

function idOf(keys: ReadonlyMap<string, string>): string | null {
  return [...keys].find(([, key]) => isWeakKey(key))?.[0] ?? null;
}

function finding(
  severity: Finding['severity'],
  seen: Text,
  fix: Text,
  snippet: string | null,
): Finding {
  return {
    ...{ check: 'signing-key', severity, seen, fix, values: snippet },
    title: say('doctor.signing-key'),
    cause: say('doctor.signing-key.cause'),
  };
}

/** The steps of the chart's own docs (docs/maintenance.md, "Fixing CVE-2026-24044"). */
const values = `synapse:
  signingKey:
    secret: my-signing-key
    secretKey: signing.key
  additional:
    revoke-weak-key.yml:
      config: |
        old_signing_keys:
          "ed25519:0":
            key: PUBLIC-HALF-OF-A-KEY-THAT-WAS-THROWN-AWAY
            expired_ts: 0
`;

const oldValues = (id: string): string => `synapse:
  additional:
    revoke-weak-key.yml:
      config: |
        old_signing_keys:
          ${JSON.stringify(id)}:
            key: PUBLIC-HALF-OF-A-KEY-THAT-WAS-THROWN-AWAY
            expired_ts: 0
`;
