import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from './figure.ts';
import { command, type BenchHouse } from './house.ts';
import type { Counts } from './options.ts';
import { median } from './statistics.ts';

const walHeaderBytes = 32;
const frameHeaderBytes = 24;

/** What a write-ahead log holds (https://www.sqlite.org/fileformat2.html#the_write_ahead_log). */
interface Log {
  /** Changes when the log is begun anew. */
  readonly salt: string;
  readonly commits: number;
}

const logOf = (database: string): Log => {
  const file = `${database}-wal`;
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  if (bytes.length < walHeaderBytes) return { salt: '', commits: 0 };
  const pageBytes = bytes.readUInt32BE(8);
  const salt = bytes.toString('hex', 16, 24);
  let commits = 0;
  for (
    let at = walHeaderBytes;
    at + frameHeaderBytes + pageBytes <= bytes.length;
    at += frameHeaderBytes + pageBytes
  ) {
    // Frames with another salt are left from before.
    if (bytes.toString('hex', at + 8, at + 16) !== salt) break;
    // The last frame of a transaction tells the size of the database after it.
    if (bytes.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return { salt, commits };
};

/** Until the bot writes no more: its last note comes after its answer. */
const atRest = async (database: string): Promise<Log> => {
  for (let log = logOf(database); ;) {
    await pause(300);
    const next = logOf(database);
    if (next.salt === log.salt && next.commits === log.commits) return next;
    log = next;
  }
};

/**
 * (f) Transactions that one command costs, which in the product's file are as many fsyncs
 * (`synchronous=FULL`); those of the device's file cost none where they note a sync position.
 */
export const measureCommits = async (house: BenchHouse, counts: Counts): Promise<Figure[]> => {
  const data = join(dirname(house.ours().configFile), 'data');
  const figures: Figure[] = [];
  for (const file of ['state.sqlite', 'device.sqlite']) {
    const database = join(data, file);
    const perCommand: number[] = [];
    for (let i = 0; i < counts.committedCommands; i += 1) {
      const before = await atRest(database);
      await house.person.ask(house.ourRoom, command);
      const after = await atRest(database);
      // Begun anew in between: nothing can be counted this time.
      if (after.salt === before.salt) perCommand.push(after.commits - before.commits);
    }
    if (perCommand.length === 0) continue;
    figures.push({
      name: `commits per command, ${file}`,
      unit: 'count',
      ours: median(perCommand),
      baseline: null,
      targets: [],
      note: `median of ${perCommand.length} × ${command}, counted in the write-ahead log`,
    });
  }
  return figures;
};
