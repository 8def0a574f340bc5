import { say, type Text } from '../../core/text.ts';
import type { ServingCertificate } from '../../platform/endpoints/serving-certificate.ts';
import type { WatchedKind } from '../../platform/kubernetes/port.ts';
import type { DiskReport } from '../disk/disk.ts';
import { expiryMarginMs } from '../stack/judge-cluster.ts';
import type { DataState } from '../stack/data-state.ts';
import type { Judged, Subject } from '../stack/problem.ts';
import { judgedText } from '../stack/problem-text.ts';
import type { StackState } from '../stack/state.ts';
import type { ProbeResult } from './probe.ts';

/** Which problems of the judged release each probe tells. */
const subjects = {
  components: ['component', 'pod', 'release'],
  nodes: ['node'],
  volumes: ['claim'],
  certificates: ['certificate'],
} as const satisfies Record<string, readonly Subject['is'][]>;

/** A probe that asks nothing: the watches know. */
export type JudgedProbe = keyof typeof subjects;

/** What has to have been read before a probe can say that there is none. */
const kinds = {
  components: ['Deployment', 'StatefulSet', 'Pod'],
  nodes: ['Node'],
  volumes: ['PersistentVolumeClaim'],
  certificates: ['Certificate'],
} as const satisfies Record<JudgedProbe, readonly WatchedKind[]>;

/** What is on its way is no problem yet. */
const isProblem = ({ level }: Judged): boolean => level !== 'starting';

/** The problems of one kind; one line each, worst first. */
export function probeState(id: JudgedProbe, state: StackState, now: number): ProbeResult {
  const wanted: readonly Subject['is'][] = subjects[id];
  const found = state.problems.filter((each) => wanted.includes(each.subject.is));
  const [worst, ...others] = found.filter(isProblem);
  if (worst !== undefined) {
    const detail = judgedText(worst, now);
    const more = say('health.and-more', { first: detail, count: others.length });
    const next = nextOf(id, worst, state.stack.data);
    return { is: 'problem', detail: others.length === 0 ? detail : more, next };
  }
  const { stack } = state;
  const counts = {
    components: stack.components.length,
    nodes: stack.nodes.length,
    volumes: stack.claims.length,
    certificates: stack.certificates.length,
  };
  if (counts[id] === 0) {
    const isUnread = kinds[id].some((kind) => stack.data.unread.includes(kind));
    return { is: 'skipped', detail: say(isUnread ? 'health.unknown' : 'health.none') };
  }
  return { is: 'ok', detail: say(`health.${id}.ok`, { count: counts[id] }) };
}

/** Of a cluster that is away no component has a log to look into. */
function nextOf(id: JudgedProbe, { problem }: Judged, data: DataState): Text {
  const isAway = problem.is === 'unread' || problem.is === 'unreachable';
  if (!isAway || data.is === 'fresh' || data.problem === null) return say(`health.${id}.next`);
  const { code, params } = data.problem;
  return say(`${code}.next`, params);
}

/** K3s makes the API server's certificate for a year, and a new one only when it is restarted. */
export function probeApiCertificate(
  certificate: ServingCertificate | null,
  now: number,
): ProbeResult {
  if (certificate === null) return { is: 'skipped', detail: say('status.not-visible') };
  const { notBefore, notAfter } = certificate;
  const left = { span: notAfter - now };
  const next = say('health.api-certificate.next');
  if (notAfter <= now) {
    const detail = say('problem.certificate-expired', { at: { moment: notAfter } });
    return { is: 'problem', detail, next };
  }
  if (notAfter - now < expiryMarginMs(notBefore, notAfter)) {
    return { is: 'problem', detail: say('health.api-certificate.ending', { left }), next };
  }
  return { is: 'ok', detail: say('health.api-certificate.ok', { left }) };
}

/** How full the disk under the volumes is, in one line. */
export function diskText(disk: DiskReport): Text {
  const { storage, daysUntilFull } = disk;
  if (storage.is === 'hidden') return say(`disk.hidden.${storage.why}`);
  const { freeBytes, totalBytes } = storage.fileSystem;
  const sizes = { free: { bytes: freeBytes }, total: { bytes: totalBytes } };
  if (daysUntilFull === null) return say('disk.free', sizes);
  return say('disk.free-until', { ...sizes, count: Math.floor(daysUntilFull) });
}

/** Whether the disk under the volumes has room. */
export function probeDisk(disk: DiskReport): ProbeResult {
  const detail = diskText(disk);
  if (disk.storage.is === 'hidden') return { is: 'skipped', detail };
  return disk.level === 'fine'
    ? { is: 'ok', detail }
    : { is: 'problem', detail, next: say('disk.next') };
}
