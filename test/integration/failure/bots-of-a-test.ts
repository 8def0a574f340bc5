import { afterEach } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import type { MetBot } from './met-bot.ts';

/** Bots that end with the test that met them. */
export interface BotsOfATest {
  /** Takes the bot into care and gives it back. */
  keep(bot: MetBot): MetBot;
}

/** After each test of the file its bots are ended, and the proxy's faults are taken away. Call it once, beside the tests. */
export function botsOfATest(lab: () => Lab): BotsOfATest {
  const living: MetBot[] = [];
  afterEach(async () => {
    lab().proxy.clear();
    for (const bot of living.splice(0)) await bot.kill9();
  });
  return {
    keep: (bot) => {
      living.push(bot);
      return bot;
    },
  };
}
