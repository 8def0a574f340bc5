import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cached, type Progress } from '../cache.ts';
import { findGo, goEnvironment } from '../encrypted/go-toolchain.ts';
import { LabError, textOf } from '../failure.ts';
import { runProgram } from '../program.ts';
import type { Tool } from './tools.ts';

/** Change this when the steps below change. */
const recipe = '1';

/** The highest of what the go.mod files ask for. */
const lowestGo = '1.26.4';

/** Part of the key, not Go's exact version: a new patch of it must not cost everybody 20 minutes. */
const toolchain = 'go 26';

/** So often a person is told how far a build is, in milliseconds. */
const tellEveryMs = 20_000;

const complain = (error: unknown, tool: Tool): LabError =>
  new LabError(
    [
      textOf(error),
      `${tool.name} of the Kubernetes lab could not be built.`,
      'Next: check that Go reaches its module proxy (network, GOPROXY), then run this again;',
      'what is built already is not built again.',
    ].join('\n'),
    { cause: error },
  );

/** Runs `go build -v`, which writes the name of each package when it begins to compile it. */
const compile = (go: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) => {
  // The lowest priority: it takes minutes, and nobody should feel it.
  const child = spawn('nice', ['-n', '19', go, 'build', '-v', ...args], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const ended = once(child, 'close').then(() => {
    if (child.exitCode === 0) return;
    throw new LabError(`go build failed:\n${said.slice(-15).join('\n')}`);
  });
  return { ended, begun: () => said.length };
};

const build = async (tool: Tool, folder: string, progress: Progress): Promise<void> => {
  const go = await findGo(progress, lowestGo);
  const env = goEnvironment();
  const cwd = join(import.meta.dirname, 'go', tool.module);
  const startedAt = performance.now();
  progress(`${tool.name}: downloading its modules`);
  const packages = await runProgram(go.path, ['list', '-deps', tool.package], { cwd, env });
  const count = packages.trim().split('\n').length;
  progress(`${tool.name}: building (about ${tool.minutes} min on two cores, once per machine)`);
  const ldflags = ['-s', '-w', ...tool.ldflags].join(' ');
  const flags = ['-trimpath', '-mod', 'readonly', '-ldflags', ldflags];
  const out = join(folder, tool.name);
  const { ended, begun } = compile(go.path, [...flags, '-o', out, tool.package], cwd, env);
  const telling = setInterval(() => {
    progress(`${tool.name}: ${begun()} of at most ${count} packages`);
  }, tellEveryMs);
  try {
    await ended;
  } finally {
    clearInterval(telling);
  }
  progress(`${tool.name}: built in ${Math.round((performance.now() - startedAt) / 1000)} s`);
};

/**
 * The path of a tool in the cache, after building it if it is not there.
 *
 * @throws LabError with cause and next step.
 */
export const builtTool = async (tool: Tool, progress: Progress): Promise<string> => {
  const source = join(import.meta.dirname, 'go', tool.module);
  const sums = ['go.mod', 'go.sum'].map((name) => readFileSync(join(source, name), 'utf8'));
  const folder = await cached({
    name: tool.name,
    madeOf: [recipe, process.arch, toolchain, tool.package, ...tool.ldflags, ...sums],
    progress,
    patienceMs: 60 * 60_000,
    build: async (unfinished) => {
      try {
        await build(tool, unfinished, progress);
      } catch (error) {
        throw complain(error, tool);
      }
    },
  });
  return join(folder, tool.name);
};
