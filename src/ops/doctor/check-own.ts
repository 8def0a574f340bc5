import { say } from '../../core/text.ts';
import type { Facts } from './facts.ts';
import { onFact, type Verdict } from './finding.ts';

/** Whether the bot runs. */
export function checkBot({ own }: Facts): Verdict {
  return onFact(own, ({ startedAt, keysLost }) => {
    if (keysLost) {
      return [
        {
          ...{ check: 'bot', severity: 'broken', values: null },
          title: say('doctor.start'),
          seen: say('doctor.bot.keys-lost'),
          cause: say('doctor.start.cause'),
          fix: say('bot.keys-lost'),
        },
      ];
    }
    if (startedAt !== null) return [];
    return [
      {
        ...{ check: 'bot', severity: 'warning', values: null },
        title: say('doctor.bot'),
        seen: say('doctor.bot.seen'),
        cause: say('doctor.bot.cause'),
        fix: say('doctor.bot.fix'),
      },
    ];
  });
}

/** Whether the home server answers, and takes the admin credential. */
export function checkHomeserver({ own }: Facts): Verdict {
  return onFact(own, ({ homeserver: { url, reachable, adminProblem } }) => {
    if (reachable && adminProblem === null) return [];
    const seen =
      adminProblem === null
        ? say('status.unreachable', { url })
        : say(adminProblem.code, adminProblem.params);
    const base = { check: 'homeserver', severity: 'broken', seen, values: null } as const;
    if (adminProblem?.code === 'E_ADMIN_API_FORBIDDEN') {
      return [
        {
          ...base,
          title: say('doctor.homeserver.refuses'),
          cause: say('doctor.homeserver.refuses.cause'),
          fix: say('E_ADMIN_API_FORBIDDEN.next'),
        },
      ];
    }
    return [
      {
        ...base,
        title: say('doctor.homeserver'),
        cause: say('doctor.homeserver.cause'),
        fix: say('doctor.homeserver.fix'),
      },
    ];
  });
}
