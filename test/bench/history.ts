import { dirname, join } from 'node:path';
import { register } from '../lab/synapse/accounts.ts';
import type { Progress } from '../lab/cache.ts';
import type { Figure } from './figure.ts';
import { command, withoutProxy, type BenchHouse } from './house.ts';
import { insertLedgerRows, insertMessages } from './insert-history.ts';
import { block, inTurns, oneByOne } from './latency.ts';
import type { Counts } from './options.ts';
import { median, pairedRatio } from './statistics.ts';

/** (d) The bot with a long past beside the same bot without one, on the same home server. */
export const measureHistory = async (
  house: BenchHouse,
  counts: Counts,
  progress: Progress,
): Promise<Figure[]> => {
  const { lab, person } = house;
  const { ledgerRows, messages } = counts;
  const account = await register(lab.synapse.baseUrl, { localpart: 'urtc-old' });
  const options = { name: 'old', account, settings: withoutProxy(lab) };
  let old = await lab.startBot(options);
  const room = await lab.enterAdminRoom(person);
  await person.ask(room, command);

  progress(
    `${messages} messages into the home server's database, ${ledgerRows} rows into the bot's`,
  );
  await old.term();
  // It is not made for a home server that goes away.
  await house.bare().end();
  await person.stop();
  await lab.synapse.stop();
  const past = { roomId: room, sender: person.userId };
  insertMessages(lab.synapse.folder, { ...past, count: messages });
  const state = join(dirname(old.configFile), 'data/state.sqlite');
  insertLedgerRows(state, { ...past, count: ledgerRows });
  await lab.synapse.start();
  await person.lookAgain();
  await house.restartOurs();
  const begun = performance.now();
  old = await lab.startBot({ ...options, waitReady: false });
  await old.ready(180_000);
  await person.ask(room, command);
  const caughtUpMs = performance.now() - begun;

  progress('starts and answers of both');
  const restartOld = async (): Promise<number[]> => {
    await old.term();
    old = await lab.startBot({ ...options, waitReady: false });
    return [await old.ready()];
  };
  const starts = await inTurns(counts.pairedStarts, restartOld, async () => [
    await house.restartOurs(),
  ]);
  const inOld = oneByOne(house, room);
  const inNew = oneByOne(house, house.ourRoom);
  await inTurns(1, inOld, inNew);
  const answers = await inTurns(counts.latencyTurns, inOld, inNew);
  await old.term();

  const note = `${ledgerRows} ledger rows and ${messages} messages, inserted into the stopped databases (the first start read them all, ${Math.round(caughtUpMs)} ms to the first answer); baseline: the same bot on the same home server without them`;
  const targets = [{ kind: 'ratio', atMost: 1.1 }] as const;
  return [
    {
      ...{ name: 'long history, ready, median', unit: 'ms', targets },
      ...{ ours: median(starts.ours), baseline: median(starts.baseline) },
      ratio: pairedRatio(starts.ours, starts.baseline, 1),
      note: `${starts.ours.length} starts each, in turns, ratio from neighbours; ${note}`,
    },
    {
      ...{ name: 'long history, latency, p50', unit: 'ms', targets },
      ...{ ours: median(answers.ours), baseline: median(answers.baseline) },
      ratio: pairedRatio(answers.ours, answers.baseline, block),
      note: `${answers.ours.length} × ${command} each, in turns, ratio from neighbours`,
    },
  ];
};
