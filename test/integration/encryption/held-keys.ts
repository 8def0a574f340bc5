import { z } from 'zod';
import type { FaultProxy } from '../../lab/proxy.ts';
import type { ActiveRule } from '../../lab/proxy/rules.ts';

const toDevice = z.object({ to_device: z.object({ events: z.array(z.unknown()) }) });

/**
 * Keeps back what comes for the bot's device (to-device events), and lets it through later, with
 * every answer until it is disposed of.
 */
export class HeldKeys {
  readonly #held: unknown[] = [];
  readonly #rule: ActiveRule;
  #isReleased = false;

  constructor(proxy: FaultProxy) {
    this.#rule = proxy.add({
      match: { path: /\/sync$/ },
      fault: {
        action: 'rewriteSync',
        change: (answer) => {
          const events = toDevice.safeParse(answer).data?.to_device.events ?? [];
          if (this.#isReleased) {
            return { ...answer, to_device: { events: [...this.#held, ...events] } };
          }
          this.#held.push(...events);
          return { ...answer, to_device: { events: [] } };
        },
      },
    });
    // The long poll under way is not hit by the rule.
    proxy.cut();
  }

  /** What was kept back comes with the next answer of a sync: make something happen in a room. */
  release(): void {
    this.#isReleased = true;
  }

  [Symbol.dispose](): void {
    this.#rule.remove();
  }
}
