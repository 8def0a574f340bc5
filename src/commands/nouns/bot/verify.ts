import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { parseUserId, type UserId } from '../../../core/ids.ts';
import { say, type Text } from '../../../core/text.ts';
import type {
  BotIdentity,
  BotVerification,
  ShownVerification,
  VerificationStage,
} from '../../capabilities.ts';
import { defineChange } from '../../command.ts';

const factsSchema = z.object({ flow: z.string(), user: z.string().transform(parseUserId) });

/**
 * `bot verify`: the emoji of a verification that a person has begun, compared on the server. The bot
 * never confirms by itself, which would verify nothing, and not in a room, where whoever stands in
 * between would answer.
 */
export const botVerify = defineChange({
  words: ['bot', 'verify'],
  summary: 'bot.verify.summary',
  role: 'owner',
  surface: 'terminal',
  effect: 'change',
  uses: ['botIdentity', 'identity', 'people', 'speech'],
  arguments: {},
  flags: {},
  examples: ['bot verify'],
  account: () => null,
  asksFirst: () => true,
  resources: () => ['verification'],
  async plan({ botIdentity, identity, people, signal, speech }) {
    const shown = await openOf(botIdentity).next(signal, (stage) => {
      const listed = people.list().map(({ user }) => user);
      speech.progress(stageText(stage, identity.botUser, listed));
    });
    const { flow, user } = shown;
    return { facts: { flow, user, emoji: symbolsOf(shown) }, shown: nodesOf(shown) };
  },
  preview({ botIdentity, identity, people }) {
    openOf(botIdentity);
    const listed = people.list().map(({ user }) => user);
    const params = { bot: identity.botUser, people: listed.join(', ') };
    return [{ type: 'paragraph', text: say('bot.verify.preview', params) }];
  },
  declined({ botIdentity }, { facts }) {
    void botIdentity.verification?.refuse(factsSchema.parse(facts).flow);
  },
  steps: [
    {
      name: 'confirm',
      async run({ botIdentity, signal, speech }, { facts }) {
        const { flow, user } = factsSchema.parse(facts);
        speech.progress(say('bot.verify.other-side', { user }));
        await openOf(botIdentity).confirm(flow, signal);
        return {};
      },
      settle({ botIdentity }, { facts }) {
        const isDone = botIdentity.verification?.isDone(factsSchema.parse(facts).flow) === true;
        return Promise.resolve(isDone ? { state: 'done', result: {} } : { state: 'not-done' });
      },
    },
  ],
  report: ({ facts }) => {
    const { user } = factsSchema.parse(facts);
    return [{ type: 'outcome', outcome: 'ok', text: say('bot.verify.done', { user }) }];
  },
});

function openOf({ verification }: BotIdentity): BotVerification {
  if (verification === null) throw new AppError('E_BOT_NOT_RUNNING', { command: 'bot verify' });
  return verification;
}

function stageText(stage: VerificationStage, bot: UserId, people: readonly UserId[]): Text {
  switch (stage.stage) {
    case 'nobody':
      return say('bot.verify.waiting', { bot, people: people.join(', ') });
    case 'begun':
      return say('bot.verify.begun', { user: stage.user });
    default:
      return stage satisfies never;
  }
}

function symbolsOf({ emoji }: ShownVerification): string {
  return emoji.map(({ symbol }) => symbol).join(' ');
}

function nodesOf(shown: ShownVerification) {
  return [
    {
      type: 'fields',
      fields: [
        { id: 'user', label: say('bot.verify.with'), value: shown.user },
        { id: 'device', label: say('bot.verify.device'), value: shown.device },
      ],
    },
    {
      type: 'table',
      id: 'emoji',
      columns: [
        { id: 'emoji', label: say('bot.verify.emoji') },
        { id: 'name', label: say('bot.verify.name') },
      ],
      rows: shown.emoji.map(({ symbol, name }) => [symbol, say(name)]),
    },
    { type: 'paragraph', text: say('bot.verify.plan') },
  ] as const;
}
