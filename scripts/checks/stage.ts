import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** One command of the checks. `quiet`: its output is shown only where it fails. */
export interface Stage {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly quiet: boolean;
}

/** How a stage ended. */
export interface StageResult {
  readonly stage: Stage;
  readonly passed: boolean;
  readonly seconds: number;
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  if (stream === null) return text;
  for await (const chunk of stream) text += chunk.toString();
  return text;
}

/** Runs one stage to its end and prints a line about it. */
export async function runStage(stage: Stage): Promise<StageResult> {
  const started = performance.now();
  const [program, ...parameters] = stage.command;
  const child = spawn(program, parameters, {
    stdio: stage.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [out, err] = await Promise.all([collect(child.stdout), collect(child.stderr), exited]);
  const seconds = (performance.now() - started) / 1000;
  const passed = child.exitCode === 0;
  process.stdout.write(`${passed ? '✔' : '✘'} ${stage.name} (${seconds.toFixed(1)} s)\n`);
  if (!passed) process.stdout.write(out + err);
  return { stage, passed, seconds };
}

/** Runs stages `width` at a time, all of them even where one fails. */
export async function runStages(stages: readonly Stage[], width: number): Promise<StageResult[]> {
  const waiting = [...stages];
  const results: StageResult[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results.push(await runStage(next));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
