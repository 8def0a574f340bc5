import type { Text } from '../../core/text.ts';
import { checkAccess, checkExcess, checkRights } from './check-access.ts';
import { checkMedia } from './check-call-media.ts';
import { checkAnnounced, checkLookup, checkStun } from './check-calls.ts';
import { checkApiCertificate, checkHostCertificates } from './check-certificates.ts';
import { checkFiles, checkStart } from './check-files.ts';
import { checkBot, checkHomeserver } from './check-own.ts';
import { checkConnections, checkDisk, checkLogSignatures } from './check-resources.ts';
import { checkServices } from './check-services.ts';
import { checkSigningKey } from './check-signing-key.ts';
import { checkStack } from './check-stack.ts';
import {
  checkCertManagerVersion,
  checkChartVersion,
  checkHelmVersion,
  checkKubernetesVersion,
  checkPair,
  checkPostgresVersion,
} from './check-versions.ts';
import type { Facts } from './facts.ts';
import { checkIds, severities, type CheckId, type Finding, type Verdict } from './finding.ts';

/** What the doctor says. */
export interface Diagnosis {
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** How many of them are problems: all but notes, and a bot that was stopped, maybe on purpose. */
  readonly problems: number;
  readonly made: readonly CheckId[];
  readonly unmade: readonly { readonly check: CheckId; readonly why: Text }[];
}

/** Every check: a pure function of the facts. */
const checks: Readonly<Record<CheckId, (facts: Facts) => Verdict>> = {
  start: checkStart,
  bot: checkBot,
  homeserver: checkHomeserver,
  files: checkFiles,
  access: checkAccess,
  rights: checkRights,
  excess: checkExcess,
  stack: checkStack,
  services: checkServices,
  'signing-key': checkSigningKey,
  'calls-announced': checkAnnounced,
  'calls-lookup': checkLookup,
  'calls-stun': checkStun,
  'calls-media': checkMedia,
  'host-certificates': checkHostCertificates,
  'api-certificate': checkApiCertificate,
  connections: checkConnections,
  disk: checkDisk,
  'log-signatures': checkLogSignatures,
  'version-chart': checkChartVersion,
  'version-kubernetes': checkKubernetesVersion,
  'version-cert-manager': checkCertManagerVersion,
  'version-pair': checkPair,
  'version-postgres': checkPostgresVersion,
  'version-helm': checkHelmVersion,
};

/** Told, but no failure: the terminal works without a bot. One that can't start is `broken`. */
export function isStoppedBot({ check, severity }: Finding): boolean {
  return check === 'bot' && severity === 'warning';
}

/** Judges the facts by every check. */
export function examine(facts: Facts): Diagnosis {
  const verdicts = checkIds.map((check) => ({ check, verdict: checks[check](facts) }));
  const found = verdicts.flatMap(({ verdict }) => (verdict.is === 'made' ? verdict.findings : []));
  const findings = [...found].sort(
    (one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity),
  );
  return {
    findings,
    problems: findings.filter((each) => each.severity !== 'note' && !isStoppedBot(each)).length,
    made: verdicts.flatMap(({ check, verdict }) => (verdict.is === 'made' ? check : [])),
    unmade: verdicts.flatMap(({ check, verdict }) =>
      verdict.is === 'unmade' ? { check, why: verdict.why } : [],
    ),
  };
}
