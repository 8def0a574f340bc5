import { parseArgs } from 'node:util';
import { authorise, withRoles } from '../../src/commands/authorise.ts';
import type { Actor } from '../../src/commands/actor.ts';
import { commands } from '../../src/commands/nouns/index.ts';
import { parseLine } from '../../src/commands/parse/parse.ts';
import { createRegistry } from '../../src/commands/registry.ts';
import type { Figure } from './figure.ts';
import type { Counts } from './options.ts';
import { median, percentile } from './statistics.ts';

const timed = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1000;
};

/** (e) Understanding a line and deciding whether its sender may: every example of every command. */
export const measureParsing = (counts: Counts): Figure[] => {
  const index = createRegistry(commands);
  const overrides = new Map([['user add', 'admin' as const]]);
  // May everything: what is refused would be judged in less.
  const actor: Actor = { kind: 'local', login: 'root', rank: 'owner' };
  const judge = (line: string): void => {
    const { command } = parseLine(index, line);
    const [effective = command] = withRoles([command], overrides);
    authorise(effective, actor, command.surface === 'terminal' ? 'terminal' : 'room');
  };
  const lines = commands.flatMap(({ examples }) => examples.map((example) => `!${example}`));
  const split = (line: string): unknown =>
    parseArgs({ args: line.slice(1).split(' '), strict: false, allowPositionals: true });
  const round = (work: (line: string) => unknown): number[] =>
    lines.map((line) => timed(() => work(line)));
  for (let i = 0; i < Math.min(50, counts.parseRounds); i += 1) {
    round(judge);
    round(split);
  }
  const ours: number[] = [];
  const baseline: number[] = [];
  for (let i = 0; i < counts.parseRounds; i += 1) {
    ours.push(...round(judge));
    baseline.push(...round(split));
  }
  const note = `${ours.length} lines: all ${lines.length} examples again and again, warm, in this process; baseline: util.parseArgs on the split line`;
  const figure = (name: string, of: (values: readonly number[]) => number): Figure => ({
    ...{ name: `parse + authorise, ${name}`, unit: 'µs', note },
    ours: of(ours),
    baseline: of(baseline),
    targets: [{ kind: 'most', atMost: 1000 }],
  });
  return [figure('p50', median), figure('p99', (values) => percentile(values, 0.99))];
};
