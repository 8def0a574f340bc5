import { execa } from 'execa';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledChildren } from '../../bundled-children.ts';
import { tempFolder } from '../../platform/store/temp-folder.ts';
import { World } from './world.ts';

const worker = join(await bundledChildren(join(import.meta.dirname, 'children')), 'worker.mjs');
// A few: the hundreds are done on the real home server, in the integration tests.
const kills = 3;
const commands = 24;

/** Runs the worker; kills it -9 a random time after it is ready. True: it came to its end. */
async function run(folder: string, killAfterMs: number | null): Promise<boolean> {
  const child = execa(process.execPath, [worker, folder, String(commands)], {
    reject: false,
    stdin: 'ignore',
    stderr: 'inherit',
  });
  let done = false;
  let timer: NodeJS.Timeout | null = null;
  for await (const line of child) {
    if (line === 'done') done = true;
    if (line === 'ready' && killAfterMs !== null) {
      timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    }
  }
  await child;
  if (timer !== null) clearTimeout(timer);
  return done;
}

describe('kill -9 of a real process at random moments [#5]', () => {
  it(`${kills} times: every effect is there once, every command is answered once`, async () => {
    const folder = tempFolder();
    let killed = 0;
    for (let round = 0; round < kills; round += 1) {
      // The first one early: where the machine is quick, all may be done before a later one.
      if (!(await run(folder, Math.random() * (round === 0 ? 5 : 120)))) killed += 1;
    }
    expect(await run(folder, null)).toBe(true);
    const world = new World(folder);
    const expected = Array.from({ length: commands }, (_, index) =>
      index % 3 === 0
        ? ['dig', 'lay', 'roof'].map((step) => `n${index}/${step}`)
        : [`n${index}/set`],
    ).flat();
    expect([...world.target.effects()].sort()).toEqual(expected.sort());
    expect(new Set(world.answers().map((answer) => answer.to)).size).toBe(commands);
    expect(world.answers()).toHaveLength(commands);
    expect(new Set(world.answers().map((answer) => answer.outcome))).toEqual(new Set(['ok']));
    console.log(`killed ${killed} of ${kills} times, ${commands} commands, 0 lost, 0 repeated`);
    expect(killed).toBeGreaterThan(0);
  }, 120_000);
});
