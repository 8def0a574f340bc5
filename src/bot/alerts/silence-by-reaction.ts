import { printWord } from '../../commands/parse/print.ts';
import { duration } from '../../commands/nouns/silence/duration.ts';
import type { People } from '../../commands/capabilities.ts';
import type { EventId, RoomId } from '../../core/ids.ts';
import { say } from '../../core/text.ts';
import { translate } from '../../core/words/translate.ts';
import { groupName } from '../../ops/alerts/group-name.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AlertIncidents } from '../../platform/store/alert-incidents.ts';
import type { AlertMessages } from '../../platform/store/alert-messages.ts';
import type { AlertMessage, StoredGroup } from '../../platform/store/alert-row.ts';
import type { Database } from '../../platform/store/database.ts';
import type { Ledger, PendingInput, RoomInput } from '../../platform/store/ledger.ts';
import type { SqliteOutbox } from '../../platform/store/outbox-store.ts';
import type { SilenceNotes, SilencePrompt } from '../../platform/store/silence-notes.ts';
import { announce } from '../message-content.ts';

/** What silencing by reaction works with. */
export interface SilenceByReactionParts {
  readonly database: Pick<Database, 'transaction'>;
  readonly ledger: Pick<Ledger, 'markHandled'>;
  readonly outbox: SqliteOutbox;
  readonly incidents: AlertIncidents;
  readonly messages: AlertMessages;
  readonly notes: SilenceNotes;
  readonly people: Pick<People, 'roleOf' | 'languageOf'>;
  readonly clock: Clock;
  /** Whether a reaction alone is enough there: see `DispatchPolicy`. */
  readonly reactionsTrusted: (room: RoomId) => boolean;
}

const sign = '🔇';
/** Where a reaction acts alone. */
const usualLength = '2h';
/** How long an answer is waited for, ms. */
const openForMs = 15 * 60_000;

type Message = Extract<RoomInput, { kind: 'message' }>;

/**
 * 🔇 on the message of a group of alerts. Reactions are not encrypted and can be forged, so it only
 * asks: for how long, and why; the answer becomes the command `silence add`, with all that holds for
 * commands (rank, audit, answer). Where the config trusts reactions it is that command at once.
 */
export class SilenceByReaction {
  readonly #parts: SilenceByReactionParts;

  constructor(parts: SilenceByReactionParts) {
    this.#parts = parts;
  }

  /** What is to be handled in the place of an input; null: nothing any more. */
  take(pending: PendingInput): PendingInput | null {
    const { input } = pending;
    switch (input.kind) {
      case 'reaction':
        return input.key.replace(/[\ufe0e\ufe0f]/g, '') === sign
          ? this.#react(pending, input.target)
          : pending;
      case 'message':
        return this.#answer(pending, input);
      case 'redaction':
        return pending;
      default:
        return input satisfies never;
    }
  }

  #react(pending: PendingInput, target: EventId): PendingInput | null {
    const { incidents, messages, people, reactionsTrusted } = this.#parts;
    const message = messages.ofEvent(target);
    const group = message?.kind === 'group' ? incidents.groupOf(message.id) : null;
    if (message === null || group === null || incidents.firingCount(group.id) === 0) return pending;
    const role = people.roleOf(pending.sender);
    // Whoever may not do it, or can't, is told so by the command itself.
    const isVain = role === 'viewer' || group.source !== 'alertmanager';
    if (isVain || reactionsTrusted(pending.roomId)) {
      const language = people.languageOf(pending.sender);
      const reason = translate(say('silence.reaction.reason'), language);
      return asCommand(pending, [usualLength, reason, group.id], target);
    }
    this.#ask(pending, message, group);
    return null;
  }

  #ask({ eventId, roomId, sender }: PendingInput, message: AlertMessage, group: StoredGroup): void {
    const { database, ledger, outbox, notes, clock, people } = this.#parts;
    const now = clock.now();
    const open = notes.prompts(roomId, sender, now - openForMs, eventId);
    database.transaction(() => {
      ledger.markHandled(eventId);
      if (open.some((prompt) => prompt.group === group.id)) return;
      const root = outbox.eventOf(message.outbox);
      const rows = announce({
        room: roomId,
        language: people.languageOf(sender),
        nodes: [
          {
            type: 'paragraph',
            text: say('silence.prompt', { person: sender, name: groupName(group) }),
          },
          {
            type: 'hint',
            text: say('silence.prompt.hint', { until: { moment: now + openForMs } }),
          },
        ],
        extra: {
          'io.urtc.silence': group.id,
          'm.relates_to': {
            ...{ rel_type: 'm.thread', event_id: root, is_falling_back: true },
            'm.in_reply_to': { event_id: root },
          },
        },
      });
      for (const row of rows) {
        const prompt = { room: roomId, person: sender, group: group.id, message: message.id };
        notes.addPrompt({ ...prompt, outbox: outbox.add(row, now), askedAt: now });
      }
    });
  }

  /** A reply to the question is the answer; in its thread, what begins with a time. */
  #answer(pending: PendingInput, said: Message): PendingInput {
    const { notes, clock, database } = this.#parts;
    const since = clock.now() - openForMs;
    const prompts = notes.prompts(pending.roomId, pending.sender, since, pending.eventId);
    const [length = '', ...words] = said.body.trim().split(/\s+/u);
    const isLength = duration.safeParse(length).success;
    const prompt = prompts.find((each) => this.#isTo(each, said, isLength));
    if (prompt === undefined || length.startsWith('!')) return pending;
    const reason = words.join(' ');
    // Whatever else it is, the command says what is wrong with it, and the question stays open.
    if (isLength && reason !== '')
      database.transaction(() => notes.answer(prompt, pending.eventId));
    return asCommand(pending, [length, reason, prompt.group], said.thread);
  }

  #isTo(prompt: SilencePrompt, { replyTo, thread }: Message, isLength: boolean): boolean {
    const { outbox, messages } = this.#parts;
    if (replyTo !== undefined) return outbox.eventOf(prompt.outbox) === replyTo;
    const shown = messages.find(prompt.message);
    return (
      thread !== undefined && isLength && shown !== null && outbox.eventOf(shown.outbox) === thread
    );
  }
}

/** The same input, as if the command had been typed. */
function asCommand(
  pending: PendingInput,
  words: readonly string[],
  thread: EventId | undefined,
): PendingInput {
  const body = `!silence add ${words.map(printWord).join(' ')}`;
  const place = thread === undefined ? {} : { thread };
  return { ...pending, input: { kind: 'message', body, ...place } };
}
