import { shellWord } from '../../core/shell-word.ts';
import { say, type Text } from '../../core/text.ts';
import { knownComponent } from '../stack/find-component.ts';
import type { Judged, Problem } from '../stack/problem.ts';
import { problemText, subjectText } from '../stack/problem-text.ts';
import { findStun } from './check-calls.ts';
import type { Facts } from './facts.ts';
import { onFact, type Finding, type Verdict } from './finding.ts';

/** Kinds of trouble that have one cause and one way out; each has words of its own. */
type Group =
  | 'crash'
  | 'memory'
  | 'image'
  | 'config'
  | 'room'
  | 'waits'
  | 'unready'
  | 'wanted'
  | 'node'
  | 'certificate'
  | 'release';

/** Null: another check tells it, or it is no trouble of the release. */
function groupOf(problem: Problem): Group | null {
  switch (problem.is) {
    case 'crash-loop':
    case 'restarted':
      return 'crash';
    case 'out-of-memory':
      return 'memory';
    case 'image-pull':
      return 'image';
    case 'config':
      return 'config';
    case 'unschedulable':
    case 'evicted':
    case 'no-pods':
    case 'claim-pending':
    case 'claim-lost':
      return 'room';
    case 'waits-at-start':
      return 'waits';
    case 'not-ready':
    case 'not-running':
    case 'stuck-ending':
    case 'rollout-stuck':
    case 'too-few':
      return 'unready';
    case 'switched-off':
    case 'too-many':
      return 'wanted';
    case 'node-down':
    case 'node-pressure':
    case 'node-closed':
      return 'node';
    case 'certificate-expired':
    case 'certificate-expiring':
    case 'certificate-not-ready':
      return 'certificate';
    case 'no-release':
      return 'release';
    // Told by `access` and `rights`.
    case 'not-visible':
    case 'unread':
    case 'unreachable':
      return null;
    default:
      return problem satisfies never;
  }
}

/** What a person types for it, where its settings stand in the chart's values, and its image. */
function placeOf({ subject, problem }: Judged): {
  readonly component: Text;
  readonly values: string;
  readonly image: string;
} {
  const image = problem.is === 'image-pull' ? shellWord(problem.image) : 'IMAGE';
  if (subject.is !== 'component') return { component: 'COMPONENT', values: 'COMPONENT', image };
  const values = knownComponent(subject.key, '')?.values ?? subject.key;
  return { component: subject.key, values, image };
}

/** Whatever is wrong with components, nodes, volumes and certificates, with what to do about it. */
export function checkStack(facts: Facts): Verdict {
  const { now } = facts;
  const isStun = findStun(facts).length > 0;
  return onFact(facts.state, ({ problems }) =>
    problems.flatMap((judged): readonly Finding[] => {
      const { level, subject, problem } = judged;
      const group = groupOf(problem);
      // What is on its way is no trouble yet.
      if (group === null || level === 'starting') return [];
      // The crash of the SFU is told once, by its cause.
      const isSfu = subject.is === 'component' && subject.key === 'sfu';
      if (isSfu && group === 'crash' && isStun) return [];
      const place = placeOf(judged);
      return [
        {
          ...{ check: 'stack', severity: level, values: null },
          title: subjectText(subject),
          seen: problemText(problem, now),
          cause: say(`doctor.stack.${group}`),
          fix: say(`doctor.stack.${group}.fix`, place),
        },
      ];
    }),
  );
}
