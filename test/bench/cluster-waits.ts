import type { BotProcess } from '../lab/bot-process.ts';
import { LabError } from '../lab/failure.ts';
import { urtc } from '../lab/product.ts';
import type { Talk } from '../lab/talk.ts';
import { processorMs } from './child.ts';
import type { Figure } from './figure.ts';
import { percentile } from './statistics.ts';

/** A command that people wait for. */
export interface Awaited {
  /** As it is told: `logs --tail 1000`. */
  readonly name: string;
  /** As it is said, without what begins a command in the room. */
  readonly line: string;
  /** What the terminal shows, or else it was no answer. */
  readonly shows: string;
  /** How long it may take, ms, 19 times of 20. */
  readonly mostMs: number;
  readonly times: number;
}

/** Who waits, and for which bot. */
export interface Waiting {
  readonly talk: Talk;
  readonly bot: BotProcess;
  /** Where `urtc` is called. */
  readonly folder: string;
}

/**
 * From the question to the whole answer, one after the other, in the room and on the terminal.
 *
 * @throws LabError for an answer that is none.
 */
export const measureWaits = async (
  { name, line, shows, mostMs, times }: Awaited,
  { talk, bot, folder }: Waiting,
): Promise<Figure[]> => {
  const inRoom = async (): Promise<void> => {
    const { outcome, body } = await talk(`!${line}`);
    // A long answer is a file.
    if (outcome !== 'ok' && !body.includes(shows)) throw new LabError(`${line}: ${body}`);
  };
  const onTerminal = async (): Promise<void> => {
    const args = [...line.split(' '), '--config', bot.configFile];
    const { stdout } = await urtc(args, { cwd: folder });
    if (!stdout.includes(shows)) throw new LabError(`${line}: ${stdout}`);
  };
  const figures: Figure[] = [];
  for (const [where, ask] of [
    ['in the room', inRoom],
    ['on the terminal', onTerminal],
  ] as const) {
    await ask();
    const took: number[] = [];
    const used = processorMs(bot.pid);
    for (let time = 0; time < times; time += 1) {
      const begun = performance.now();
      await ask();
      took.push(performance.now() - begun);
    }
    figures.push({
      ...{ name: `${name} ${where}, p95`, unit: 'ms', baseline: null },
      ours: percentile(took, 0.95),
      targets: [{ kind: 'most', atMost: mostMs }],
      note: `${took.length} times, from the question to the whole answer; median ${percentile(took, 0.5).toFixed(0)} ms`,
    });
    figures.push({
      ...{ name: `${name} ${where}, processor time`, unit: 'ms', baseline: null },
      ours: (processorMs(bot.pid) - used) / took.length,
      ...{
        targets: [],
        note: 'of the bot alone, each time: what other programs do does not count',
      },
    });
  }
  return figures;
};
