import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { say, type Text } from '../../../core/text.ts';
import type { RecoveryKeyState } from '../../../platform/store/recovery-key-safe.ts';
import { defineChange } from '../../command.ts';

const factsSchema = z.object({ madeAt: z.number().nullable() });

/**
 * `bot replace-recovery-key`: a new recovery key in the place of one that was lost or seen. It is
 * sealed and shown by `bot recovery-key`, like the first one; the old one opens nothing any more.
 */
export const botReplaceRecoveryKey = defineChange({
  words: ['bot', 'replace-recovery-key'],
  summary: 'bot.recovery-key.replace.summary',
  role: 'owner',
  surface: 'terminal',
  effect: 'destroy',
  uses: ['botIdentity'],
  arguments: {},
  flags: {},
  examples: ['bot replace-recovery-key'],
  account: () => null,
  resources: () => ['recovery-key'],
  async plan({ botIdentity }) {
    const { live, recoveryKey } = await botIdentity.snapshot();
    if (live === null) {
      throw new AppError('E_BOT_NOT_RUNNING', { command: 'bot replace-recovery-key' });
    }
    return {
      facts: { madeAt: botIdentity.recoveryKeyMadeAt() },
      shown: [
        { type: 'paragraph', text: oldText(recoveryKey) },
        { type: 'paragraph', text: say('bot.recovery-key.replace.plan') },
      ],
    };
  },
  steps: [
    {
      name: 'replace',
      async run({ botIdentity }, { facts }) {
        await botIdentity.replaceRecoveryKey(factsSchema.parse(facts).madeAt);
        return {};
      },
      async settle({ botIdentity }, { facts }) {
        const { recoveryKey } = await botIdentity.snapshot();
        const isOther = botIdentity.recoveryKeyMadeAt() !== factsSchema.parse(facts).madeAt;
        const isThere = recoveryKey.state === 'waiting' || recoveryKey.state === 'shown';
        return isOther && isThere ? { state: 'done', result: {} } : { state: 'not-done' };
      },
    },
  ],
  report: () => [
    { type: 'outcome', outcome: 'ok', text: say('bot.recovery-key.replace.done') },
    { type: 'hint', text: say('bot.recovery-key.replace.next') },
  ],
});

function oldText(key: RecoveryKeyState): Text {
  switch (key.state) {
    case 'none':
      return say('bot.recovery-key.replace.none');
    case 'unready':
    case 'waiting':
      return say('bot.recovery-key.replace.unseen');
    case 'shown':
      return say('bot.recovery-key.replace.shown', { at: { moment: key.at } });
    default:
      return key satisfies never;
  }
}
