import { say } from '../../../core/text.ts';
import { defineRead } from '../../command.ts';
import { keyText } from './key-text.ts';

/** `bot people`: whose identity the bot knows, and who shows another one. */
export const botPeople = defineRead({
  words: ['bot', 'people'],
  summary: 'bot.people.summary',
  role: 'viewer',
  surface: 'everywhere',
  uses: ['botIdentity'],
  arguments: {},
  flags: {},
  examples: ['bot people'],
  async *run({ botIdentity }) {
    await Promise.resolve();
    const people = botIdentity.people();
    yield {
      type: 'table',
      id: 'people',
      none: say('bot.people.none'),
      columns: [
        { id: 'user', label: say('bot.people.user') },
        { id: 'identity_key', label: say('bot.people.key') },
        { id: 'since', label: say('bot.people.since') },
        { id: 'claimed', label: say('bot.people.claimed') },
      ],
      rows: people.map(({ user, masterKey, pinnedAt, claimed }) => [
        user,
        keyText(masterKey),
        { moment: pinnedAt },
        claimed === null ? null : keyText(claimed),
      ]),
    };
    if (people.some(({ claimed }) => claimed !== null)) {
      yield { type: 'hint', text: say('bot.people.next') };
    }
  },
});
