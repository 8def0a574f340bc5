import { z } from 'zod';
import { jsonObjectSchema } from '../core/json.ts';
import { say } from '../core/text.ts';
import type { Language } from '../core/words/index.ts';
import type { OutboxDraft, OutboxItem } from '../platform/store/outbox.ts';
import { announce } from './message-content.ts';

const answered = z.object({
  'io.urtc.notice': z.boolean().optional(),
  'io.urtc.job': z.string().optional(),
  'io.urtc.final': z.boolean().optional(),
  'm.relates_to': jsonObjectSchema.optional(),
});

/**
 * What is said in the place of an answer that the home server refuses for good, so that nobody waits
 * for it. Nothing where it was no answer, or was itself such a word.
 */
export function apologyFor(item: OutboxItem, reason: string, language: Language): OutboxDraft[] {
  const { body } = item;
  if (item.priority !== 'answer' || (body.kind !== 'event' && body.kind !== 'file')) return [];
  const content = answered.safeParse(body.content);
  if (!content.success || content.data['io.urtc.notice'] === true) return [];
  const job = content.data['io.urtc.job'];
  const relation = content.data['m.relates_to'];
  const nodes = [
    { type: 'outcome', outcome: 'failed', text: say('chat.unsendable', { reason }) },
  ] as const;
  return announce({
    room: item.room,
    nodes,
    language,
    extra: {
      ...(job === undefined ? {} : { 'io.urtc.job': job }),
      ...(relation === undefined ? {} : { 'm.relates_to': relation }),
      ...(content.data['io.urtc.final'] === true
        ? { 'io.urtc.final': true, 'io.urtc.outcome': 'failed' }
        : {}),
    },
  });
}
