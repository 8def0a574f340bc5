import { AppError } from '../../core/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { ChannelFailure, type Channel } from './channel.ts';
import { makeNote } from './note.ts';

/** What a channel said to a try. */
export interface ChannelAnswer {
  readonly channel: string;
  /** `unsure`: it was handed over and nobody heard the answer. */
  readonly result: 'taken' | 'refused' | 'unsure';
  /** What the other side said, short and without secrets. */
  readonly said: string;
}

/** The channels, for commands. Every method throws `E_NOTIFY_OFF` where the config names none. */
export class NotifyDesk {
  readonly #channels: readonly Channel[];
  readonly #clock: Pick<Clock, 'now'>;

  constructor(channels: readonly Channel[], clock: Pick<Clock, 'now'>) {
    this.#channels = channels;
    this.#clock = clock;
  }

  /** The one of this name, or all of them where it is null. Throws `E_CHANNEL_UNKNOWN`. */
  names(name: string | null): readonly string[] {
    return this.#pick(name).map((channel) => channel.name);
  }

  /** Sends a message to try them, to all at once. Throws `E_CHANNEL_UNKNOWN`. */
  test(
    name: string | null,
    words: { readonly title: string; readonly lines: readonly string[] },
    signal: AbortSignal,
  ): Promise<readonly ChannelAnswer[]> {
    const at = this.#clock.now();
    const id = `urtc-test-${at.toString(36)}`;
    const note = makeNote({ ...words, id, at, urgency: 'relief' });
    return Promise.all(
      this.#pick(name).map(async (channel): Promise<ChannelAnswer> => {
        try {
          const said = await channel.deliver(note, signal);
          return { channel: channel.name, result: 'taken', said };
        } catch (error) {
          if (!(error instanceof ChannelFailure)) throw error;
          return { channel: channel.name, result: error.fate, said: error.message };
        }
      }),
    );
  }

  #pick(name: string | null): readonly Channel[] {
    if (this.#channels.length === 0) throw new AppError('E_NOTIFY_OFF');
    const found = this.#channels.filter((channel) => name === null || channel.name === name);
    if (found.length > 0) return found;
    const channels = this.#channels.map((channel) => channel.name).join(', ');
    throw new AppError('E_CHANNEL_UNKNOWN', { channel: name, channels });
  }
}
