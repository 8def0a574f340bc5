import { statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskSeries } from '../../../../src/ops/disk/disk.ts';
import { createSamples, type Samples } from '../../../../src/platform/store/samples.ts';
import { openState } from '../../../../src/platform/store/state.ts';
import type { BotProcess } from '../../../lab/bot-process.ts';

const hour = 3_600_000;
const day = 24 * hour;

const remember = (bot: Pick<BotProcess, 'configFile'>, work: (samples: Samples) => void): void => {
  const database = openState(join(dirname(bot.configFile), 'data'));
  work(createSamples(database));
  database.close();
};

/**
 * What a bot would have measured in half a day while something filled the real disk under `folder`
 * so fast that it is full in `days`: nobody waits for it. The bot must not run.
 */
export const fillFor = (
  bot: Pick<BotProcess, 'configFile'>,
  folder: string,
  days: number,
): void => {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  remember(bot, (samples) => {
    for (let ago = 12; ago > 0; ago -= 1) {
      const value = free * (1 + (ago * hour) / (days * day));
      samples.add(Date.now() - ago * hour, new Map([[diskSeries.free, value]]), day);
    }
  });
};

/** As if nothing had filled it. The bot must not run. */
export const fillNoMore = (bot: Pick<BotProcess, 'configFile'>): void => {
  remember(bot, (samples) => {
    const last = samples.latest(diskSeries.free);
    if (last !== null) samples.add(last.at, new Map([[diskSeries.free, last.value]]), 0);
  });
};
