import { say, type Text } from '../../core/text.ts';
import { knownComponent } from './find-component.ts';
import type { Judged, LastEnd, Level, Problem, Subject } from './problem.ts';

/** The level as a word. */
export function levelText(level: Level): Text {
  return say(`stack.level.${level}`);
}

/** Whom a problem concerns; a component by its proper name. */
export function subjectText(subject: Subject): Text {
  switch (subject.is) {
    case 'component':
      return knownComponent(subject.key, '')?.title ?? subject.key;
    case 'pod':
    case 'node':
    case 'claim':
    case 'certificate':
      return say(`stack.subject.${subject.is}`, { name: subject.name });
    case 'release':
      return say('stack.subject.release');
    default:
      return subject satisfies never;
  }
}

/** A problem as one line: whom it concerns and what is wrong. `now` in ms since the epoch. */
export function judgedText({ subject, problem }: Judged, now: number): Text {
  return say('stack.judged', { subject: subjectText(subject), problem: problemText(problem, now) });
}

const ago = (moment: number | null, now: number): Text =>
  moment === null ? say('stack.unknown-time') : { span: Math.max(0, now - moment) };

/** The cluster's own words, where there are any. */
const words = (message: string | null): Text =>
  message === null ? say('stack.no-reason') : message;

function endText({ reason, exitCode }: LastEnd): Text {
  if (exitCode === null) return reason ?? say('stack.no-reason');
  const known = exitCode === 137 ? 'stack.end.killed' : 'stack.end.code';
  return say(known, { code: String(exitCode), reason: reason ?? '' });
}

/** What is wrong, in words. */
export function problemText(problem: Problem, now: number): Text {
  switch (problem.is) {
    case 'crash-loop': {
      const { pod, container, restarts: count, last } = problem;
      return say('problem.crash-loop', { pod, container, count, end: endText(last) });
    }
    case 'restarted': {
      const { pod, container, restarts: count, last } = problem;
      const when = ago(last.at, now);
      return say('problem.restarted', { pod, container, count, end: endText(last), ago: when });
    }
    case 'out-of-memory': {
      const { pod, container, limitBytes, at, running } = problem;
      const limit = limitBytes === null ? say('stack.no-limit') : { bytes: limitBytes };
      const key = running ? 'problem.out-of-memory.running' : 'problem.out-of-memory';
      return say(key, { pod, container, limit, ago: ago(at, now) });
    }
    case 'image-pull': {
      const { pod, image, message } = problem;
      return say('problem.image-pull', { pod, image, message: words(message) });
    }
    case 'config': {
      const { pod, container, message } = problem;
      return say('problem.config', { pod, container, message: words(message) });
    }
    case 'unschedulable': {
      const { pod, message, since } = problem;
      return say('problem.unschedulable', { pod, message: words(message), ago: ago(since, now) });
    }
    case 'waits-at-start':
    case 'not-ready': {
      const { pod, container, since } = problem;
      return say(`problem.${problem.is}`, { pod, container, ago: ago(since, now) });
    }
    case 'evicted': {
      const { pod, message } = problem;
      return say('problem.evicted', { pod, message: words(message) });
    }
    case 'stuck-ending':
      return say('problem.stuck-ending', { pod: problem.pod, ago: ago(problem.since, now) });
    case 'not-running': {
      const { pod, phase, reason, since } = problem;
      const state = reason === null ? phase : `${phase}: ${reason}`;
      return say('problem.not-running', { pod, state, ago: ago(since, now) });
    }
    case 'rollout-stuck':
    case 'no-pods':
    case 'node-down':
      return say(`problem.${problem.is}`, {
        message: words(problem.message),
        ago: ago(problem.since, now),
      });
    case 'too-few': {
      const { ready, wanted } = problem;
      return say('problem.too-few', { ready, wanted });
    }
    case 'too-many':
      return say('problem.too-many', { wanted: problem.wanted, why: say(problem.why) });
    case 'switched-off':
    case 'node-closed':
    case 'claim-lost':
    case 'unread':
    case 'unreachable':
    case 'no-release':
      return say(`problem.${problem.is}`);
    case 'node-pressure':
      return say(`problem.node-pressure.${problem.what}`, { message: words(problem.message) });
    case 'claim-pending':
      return say('problem.claim-pending', { ago: ago(problem.since, now) });
    case 'certificate-expired':
      return say('problem.certificate-expired', { at: { moment: problem.at } });
    case 'certificate-expiring':
      return say('problem.certificate-expiring', { left: { span: problem.at - now } });
    case 'certificate-not-ready':
      return say('problem.certificate-not-ready', {
        message: words(problem.message ?? problem.reason),
        ago: ago(problem.since, now),
      });
    case 'not-visible': {
      const { code, params } = problem.problem;
      return say('problem.not-visible', { cause: say(code, params) });
    }
    default:
      return problem satisfies never;
  }
}
