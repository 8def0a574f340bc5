/** Builds one cache entry: builder.ts ROOT TRACE [stall]. Writes a line to TRACE per build. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cached } from '../../lab/cache.ts';

const [root = '', trace = '', stall] = process.argv.slice(2);
await cached({
  name: 'thing',
  madeOf: ['one'],
  root,
  build: async (folder) => {
    appendFileSync(trace, 'building\n');
    writeFileSync(join(folder, 'half'), '');
    process.stdout.write('building\n');
    await pause(stall === 'stall' ? 600_000 : 300);
    writeFileSync(join(folder, 'whole'), '');
  },
});
