import type { HealingMemory, HealingWord } from '../../platform/store/healing.ts';
import { titleOf } from './notes.ts';

/** How self-healing is. */
export interface HealingSnapshot {
  /** Whether the config turns it on. */
  readonly isOn: boolean;
  /** Who has paused it, and when; null: nobody. */
  readonly paused: HealingWord | null;
  /** Proper names of the components at which it waits for a person. */
  readonly stopped: readonly string[];
}

/** Self-healing as commands see it. */
export interface HealingDesk {
  snapshot(): HealingSnapshot;
  pause(said: HealingWord): void;
  /** Ends a pause, and lets it go on where it had stopped. */
  resume(said: HealingWord): void;
}

/** The desk over the bot's memory. `transaction` runs its work as one. */
export function createHealingDesk(parts: {
  readonly memory: HealingMemory;
  readonly isOn: () => boolean;
  readonly transaction: (work: () => void) => void;
}): HealingDesk {
  const { memory, isOn, transaction } = parts;
  const stops = () => memory.left().filter(({ why }) => why === 'repeat');
  return {
    snapshot: () => ({
      isOn: isOn(),
      paused: memory.word('pause'),
      stopped: [...new Set(stops().map(({ component }) => titleOf(component)))],
    }),
    pause: (said) => memory.say('pause', said),
    resume: (said) => {
      transaction(() => {
        memory.unsay('pause');
        for (const { identity } of stops()) memory.takeUp(identity);
        memory.say('resume', said);
      });
    },
  };
}
