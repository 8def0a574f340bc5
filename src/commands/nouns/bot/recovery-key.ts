import { say } from '../../../core/text.ts';
import { defineRead } from '../../command.ts';

/**
 * `bot recovery-key`: gives the recovery key to whoever is root on the server, once. Like `secret
 * show` it changes nothing on the home server.
 */
export const botRecoveryKey = defineRead({
  words: ['bot', 'recovery-key'],
  summary: 'bot.recovery-key.summary',
  role: 'owner',
  surface: 'terminal',
  uses: ['botIdentity'],
  arguments: {},
  flags: {},
  examples: ['bot recovery-key'],
  async *run({ botIdentity }) {
    await Promise.resolve();
    const value = botIdentity.showRecoveryKey();
    yield { type: 'secret', id: 'recovery_key', label: say('bot.recovery-key.label'), value };
    yield { type: 'hint', text: say('bot.recovery-key.keep') };
  },
});
