import type { ErrorCode } from '../../core/error-catalogue.ts';
import { shellWord } from '../../core/shell-word.ts';
import { say } from '../../core/text.ts';
import type { OwnFile, OwnFileKind } from '../../platform/config/own-files.ts';
import type { Facts } from './facts.ts';
import type { Finding, Severity, Verdict } from './finding.ts';
import { onFact } from './finding.ts';

interface Rule {
  /** Bits that must not be set. */
  readonly never: number;
  readonly severity: Severity;
  /** What takes them away. */
  readonly chmod: string;
  readonly cause: 'readable' | 'writable';
}

const othersWrite = 0o002;
const sticky = 0o1000;

/**
 * What nobody else may do with a file of ours. The bot refuses to start with a config or a secret
 * that breaks its rule (src/platform/config); the data it closes again when it starts.
 */
const rules: Readonly<Record<OwnFileKind, Rule>> = {
  config: { never: othersWrite, severity: 'broken', chmod: 'o-w', cause: 'writable' },
  secret: { never: 0o027, severity: 'broken', chmod: '600', cause: 'readable' },
  kubeconfig: { never: 0o027, severity: 'broken', chmod: '600', cause: 'readable' },
  'data-folder': { never: 0o077, severity: 'warning', chmod: '700', cause: 'readable' },
  data: { never: 0o077, severity: 'warning', chmod: '600', cause: 'readable' },
  // Whoever may write here may put another file in the place of ours.
  folder: { never: othersWrite, severity: 'broken', chmod: 'o-w', cause: 'writable' },
};

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');

function judge({ path, kind, state }: OwnFile): readonly Finding[] {
  if (state.is !== 'seen') return [];
  const { never, severity, chmod, cause } = rules[kind];
  const { mode } = state;
  // In such a folder, as /tmp is, only the owner of a file may move it.
  const isSafe = kind === 'folder' && (mode & sticky) !== 0;
  if ((mode & never) === 0 || isSafe) return [];
  const command = `chmod ${chmod} -- ${shellWord(path)}`;
  return [
    {
      ...{ check: 'files', severity, values: null },
      title: say(`doctor.files.${kind}`),
      seen: say('doctor.files.seen', { path, mode: octal(mode) }),
      cause: say(`doctor.files.${cause}`),
      fix: say('doctor.files.fix', { command }),
    },
  ];
}

/** Modes of the config, the secrets, the kubeconfig and the data. */
export function checkFiles({ files }: Facts): Verdict {
  const hidden =
    files.is === 'known' ? files.value.find(({ state }) => state.is === 'hidden') : null;
  const verdict = onFact(files, (all) => all.flatMap(judge));
  // What is wrong with the others counts more than the one that can't be seen.
  if (hidden?.state.is !== 'hidden' || verdict.is !== 'made' || verdict.findings.length > 0) {
    return verdict;
  }
  const { path, state } = hidden;
  return { is: 'unmade', why: say('doctor.files.hidden', { path, reason: state.reason }) };
}

/** Errors that `files` tells, with all other modes. */
const ofModes: readonly ErrorCode[] = ['E_SECRET_MODE', 'E_CONFIG_UNTRUSTED'];

/** Whether the bot could start with what it finds on this machine. */
export function checkStart({ start }: Facts): Verdict {
  if (start === null || ofModes.includes(start.code)) return { is: 'made', findings: [] };
  const { code, params } = start;
  const finding: Finding = {
    ...{ check: 'start', severity: 'broken', values: null },
    title: say('doctor.start'),
    seen: say(code, params),
    cause: say('doctor.start.cause'),
    fix: say(`${code}.next`, params),
  };
  return { is: 'made', findings: [finding] };
}
