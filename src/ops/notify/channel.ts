import type { Note } from './note.ts';

/** A way out that needs no Matrix. */
export interface Channel {
  /** As in the config; no secret. */
  readonly name: string;
  /**
   * Hands a message over, and returns what the other side said to it. Throws {@link ChannelFailure},
   * and nothing else but what aborted it.
   */
  deliver(note: Note, signal: AbortSignal): Promise<string>;
}

/**
 * A message that was not taken. It holds nothing that the network said but a short reason without
 * the channel's secrets: addresses of some channels are secrets, and errors like to name addresses.
 */
export class ChannelFailure extends Error {
  override readonly name = 'ChannelFailure';
  /** `refused`: the message is not there; `unsure`: it was handed out and nobody heard the answer. */
  readonly fate: 'refused' | 'unsure';

  /** `reason`: for people and the log. */
  constructor(fate: ChannelFailure['fate'], reason: string) {
    super(reason);
    this.fate = fate;
  }
}
