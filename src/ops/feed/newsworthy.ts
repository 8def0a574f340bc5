import type { Text } from '../../core/text.ts';
import { identityOf, type Judged } from '../stack/problem.ts';
import { judgedText } from '../stack/problem-text.ts';

/** A container that was restarted keeps its incident open for as long: it may crash again. ms. */
const calmMs = 10 * 60_000;

/** A trouble as the feed sees it at one moment. */
export interface Sighting {
  readonly identity: string;
  readonly level: 'broken' | 'warning';
  readonly said: Text;
  /** Whether it begins an incident, or only keeps one open. */
  readonly opens: boolean;
}

/** What of these is for the feed. */
export function sightingsOf(problems: readonly Judged[], now: number): readonly Sighting[] {
  return problems.flatMap((judged): readonly Sighting[] => {
    const news = newsOf(judged, now);
    if (news === 'nothing') return [];
    const level = judged.level === 'broken' ? 'broken' : 'warning';
    const said = judgedText(judged, now);
    return [{ identity: identityOf(judged), level, said, opens: news === 'opens' }];
  });
}

/**
 * What a problem is to the feed: `opens` an incident, only `keeps` one open that is there already, or
 * `nothing`: what is so on purpose (switched off, cordoned), what still is within its time, and what
 * other commands tell.
 */
function newsOf({ level, problem }: Judged, now: number): 'opens' | 'keeps' | 'nothing' {
  if (level === 'starting') return 'nothing';
  switch (problem.is) {
    case 'crash-loop':
    case 'image-pull':
    case 'config':
    case 'unschedulable':
    case 'waits-at-start':
    case 'not-ready':
    case 'evicted':
    case 'stuck-ending':
    case 'not-running':
    case 'rollout-stuck':
    case 'no-pods':
    case 'too-few':
    case 'node-down':
    case 'node-pressure':
    case 'claim-pending':
    case 'claim-lost':
    case 'certificate-expired':
    case 'certificate-expiring':
      return 'opens';
    case 'out-of-memory':
      return problem.running && problem.at !== null && now - problem.at > calmMs
        ? 'nothing'
        : 'opens';
    case 'restarted':
      return problem.last.at !== null && now - problem.last.at <= calmMs ? 'keeps' : 'nothing';
    case 'certificate-not-ready':
    case 'switched-off':
    case 'too-many':
    case 'node-closed':
    case 'not-visible':
    case 'unread':
    case 'unreachable':
    case 'no-release':
      return 'nothing';
    default:
      return problem satisfies never;
  }
}
