import type { AuditChain } from '../../platform/store/audit-chain.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ChatParts } from '../chat-parts.ts';

/** Audit lines of what was said in rooms and not taken. What it was stands in none of them. */
export function auditedRefusals(
  audit: Pick<AuditChain, 'append'>,
  clock: Clock,
): Pick<ChatParts, 'onStranger' | 'onDistrust'> {
  const refused = { job: null, line: '…', decision: 'refused', durationMs: null } as const;
  return {
    onStranger: ({ sender, event }) => {
      audit.append({ ...refused, at: clock.now(), actor: sender, event, result: 'E_NOT_ALLOWED' });
    },
    onDistrust: ({ sender, event, reason }) => {
      audit.append({ ...refused, at: clock.now(), actor: sender, event, result: reason });
    },
  };
}
