import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { say } from '../../../core/text.ts';
import type { AuditAnchors, AuditTrail } from '../../capabilities.ts';
import { defineChange } from '../../command.ts';
import { verdictNode, verdictText } from '../audit.ts';

const anchor = z.object({ count: z.int(), hash: z.string() });
const factsSchema = z.object({ anchors: z.array(anchor) });

/**
 * `bot accept-audit`: after an honest restore or recovery the audit log is not the one that the room
 * vouches for, and the bot would call itself not ready for ever. Whoever owns the server may say that
 * he knows; the room and the log keep that he did. Never for a file that does not hold by itself.
 */
export const botAcceptAudit = defineChange({
  words: ['bot', 'accept-audit'],
  summary: 'audit.accept.summary',
  role: 'owner',
  surface: 'terminal',
  effect: 'destroy',
  uses: ['audit'],
  arguments: {},
  flags: {},
  examples: ['bot accept-audit'],
  account: () => null,
  resources: () => ['audit-anchors'],
  async plan({ audit }) {
    const anchors = reached(audit);
    const file = await audit.verifyFile();
    if (file.state !== 'intact') {
      throw new AppError('E_AUDIT_BROKEN', { problem: verdictText(file) });
    }
    const verdict = await audit.verify();
    if (verdict.state === 'intact') throw new AppError('E_AUDIT_HOLDS');
    const facts = { anchors: (await anchors.read()).map(({ count, hash }) => ({ count, hash })) };
    return {
      facts,
      shown: [verdictNode(verdict), { type: 'paragraph', text: say('audit.accept.plan') }],
    };
  },
  steps: [
    {
      name: 'replace',
      async run({ audit }) {
        await reached(audit).replace();
        return {};
      },
      async settle({ audit }, { facts }) {
        const now = await reached(audit).read();
        // Right after a start the bot does not know its rooms yet: no anchor is no answer.
        if (now.length === 0) return { state: 'unknown', why: say('audit.not-anchored') };
        const { anchors: before } = factsSchema.parse(facts);
        const isReplaced = now.every(({ hash }) => before.every((old) => old.hash !== hash));
        return isReplaced ? { state: 'done', result: {} } : { state: 'not-done' };
      },
    },
  ],
  report: () => [{ type: 'outcome', outcome: 'ok', text: say('audit.accept.done') }],
});

function reached({ anchors }: AuditTrail): AuditAnchors {
  if (anchors === null) throw new AppError('E_BOT_NOT_RUNNING', { command: 'bot accept-audit' });
  return anchors;
}
