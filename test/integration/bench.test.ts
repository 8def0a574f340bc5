import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { repository } from '../lab/product.ts';
import { measurements, type Measurement } from '../bench/options.ts';
import { runProgram } from '../lab/program.ts';

const report = z.object({
  isJudged: z.literal(false),
  figures: z.array(z.object({ name: z.string(), ours: z.number(), ratio: z.number().nullable() })),
});

const withBaseline = [
  ...['parse + authorise, p50', 'parse + authorise, p99'],
  ...['latency, one at a time, p50', 'latency, one at a time, p95'],
  ...['latency, 20 at once, p50', 'latency, 20 at once, p95'],
  ...['processor time per command', 'ready, median', 'ready, slowest', 'memory, idle'],
  ...['long history, ready, median', 'long history, latency, p50'],
  ...['crypto store, encrypt and flush, p50', 'crypto store, flush alone, p50'],
  'crypto store, open',
  ...['encrypted latency, one at a time, p50', 'encrypted latency, one at a time, p95'],
  ...['encrypted latency, 20 at once, p50', 'encrypted latency, 20 at once, p95'],
  ...[
    'encrypted processor time per command',
    'encrypted first answer after somebody entered, median',
  ],
];

/** A cluster of its own, and storms on two bots, take longer than all the rest. */
const elsewhere: readonly Measurement[] = ['cluster', 'alerts'];
const here = measurements
  .filter((name) => !elsewhere.includes(name))
  .flatMap((name) => ['--only', name]);

it(
  'every measurement of the bench on a home server still measures',
  { timeout: 600_000 },
  async () => {
    const printed = await runProgram('npm', ['run', '-s', 'bench', '--', '--quick', ...here], {
      cwd: repository,
    });
    const text = readFileSync(join(repository, '.lab/bench.json'), 'utf8');
    const { figures } = report.parse(JSON.parse(text));
    const compared = figures.filter(({ ratio }) => ratio !== null).map(({ name }) => name);
    expect(compared.toSorted()).toEqual(withBaseline.toSorted());
    const all = figures.map(({ name }) => name);
    expect(all).toContain('commits per command, state.sqlite');
    expect(all).toContain('encrypted ready, median');
    expect(all).toContain('encrypted memory, idle');
    for (const name of all) expect(printed).toContain(name);
  },
);
