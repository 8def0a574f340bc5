import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { repository } from '../lab/product.ts';
import { allGone } from './demo/processes.ts';
import { startDemo, type StartedDemo } from './demo/started-demo.ts';

const run = promisify(execFile);

/** Up, with a home server and a bot below it. */
const startedUp = async (...args: readonly string[]) => {
  const demo = startDemo(...args);
  await demo.shows('anna › is in the room');
  // Both come by pipes of their own, in any order.
  await demo.says(args.includes('--say') ? 'Log ' : 'Ctrl-C stops everything.');
  const processes = demo.processes();
  const commands = processes.map(({ command }) => command).join('\n');
  expect(commands).toMatch(/demo\.ts/);
  expect(commands).toMatch(/urtc\.cjs bot --config/);
  expect(commands).toMatch(/launch\.py/);
  return { demo, processes };
};

const linesOf = (demo: StartedDemo): string[] => demo.stdout().split('\n');

describe('npm run demo -- --say', () => {
  it('says each text, prints the answers and exits 0 when all ended well', async () => {
    const demo = startDemo('--say', '!help', '--say', '!user add alice', '--say', '!user list');
    expect([await demo.ended, demo.stderr()]).toEqual([0, expect.stringContaining('ready in ')]);
    const said = linesOf(demo).filter((line) => line.startsWith('anna › !'));
    expect(said).toEqual(['anna › !help', 'anna › !user add alice', 'anna › !user list']);
    const list = demo.stdout().slice(demo.stdout().indexOf('anna › !user list'));
    expect(list).toMatch(/urtc › [^]*alice/);
    expect(demo.stdout()).not.toContain('\u001b');
  });

  it('goes on after a command that failed, answers a question with its code, in the language that was chosen, and exits 1', async () => {
    const demo = startDemo(
      ...['--lang', 'zh', '--say', '!user ad alice', '--say', '!user add alice'],
      ...['--say', '!user deactivate alice', '--say', 'confirm', '--say', 'confirm'],
    );
    expect(await demo.ended).toBe(1);
    // The first "confirm" was good; there was nothing left for the second one.
    expect(demo.stderr().match(/did not end well: .*/g)).toEqual([
      'did not end well: !user ad alice (failed)',
      'did not end well: confirm (there is no open question)',
    ]);
    expect(demo.stdout()).toMatch(/请确认/);
  });
});

describe('npm run demo -- --full', () => {
  // A minute, and half of it both processors: too much for every run of all tests.
  it.runIf(process.env['URTC_SOAK'] === '1')(
    'soak: a component that is broken is told, and closed when it is healed',
    async () => {
      const words = ['!health', '/break synapse', '/heal synapse', '!health'];
      const demo = startDemo('--full', ...words.flatMap((each) => ['--say', each]));
      expect([await demo.ended, demo.stderr()]).toEqual([0, expect.stringContaining('Cluster.')]);
      const seen = [
        'Everything does its work',
        'demo › Synapse ends again and again',
        'Synapse: synapse in ess-synapse-main-0 ends as soon as it starts',
        'demo › Synapse has new pods that are well',
        'Healed after',
        'Everything does its work',
      ];
      expect(demo.stdout()).toMatch(new RegExp(seen.join('[^]*')));
    },
    400_000,
  );
});

describe('npm run demo', () => {
  it('says what a person says by a pipe and ends with it; the printed terminal lines work, also the one that makes a real alert fire', async () => {
    const { demo, processes } = await startedUp('--alerts');
    const page = demo.stderr();
    const alert = /^ +(curl .*DiskLow.*)$/m.exec(page)?.[1] ?? 'exit 1';
    expect(alert).not.toMatch(/token|bearer|authorization/i);
    await run('sh', ['-ec', alert]);
    await demo.shows('critical: DiskLow');
    expect(page).toMatch(
      /Home server +http:\/\/127\.0\.0\.1:\d+\nUser +@anna:lab\.test\nPassword +\S{12}\nRecovery key +E\S{3}( \S{4}){11}\n/,
    );
    expect(page).toContain('The room is end-to-end encrypted');
    expect(page).not.toContain(repository);
    const line = /node bin\/urtc\.cjs user list --config \S+/.exec(page)?.[0] ?? '';
    const [node = '', ...words] = line.split(' ');
    const { stdout } = await run(node, words, { cwd: repository });
    expect(stdout).toContain('anna');

    demo.npm.stdin?.end('/fire CpuHot\n!whoami\n/brake synapse\n');
    expect(await demo.ended).toBe(1);
    expect(demo.stdout()).toMatch(/demo › CpuHot fires[^]*urtc › 🟠 warning: CpuHot/);
    expect(demo.stdout()).toMatch(/anna › !whoami\nurtc › [^]*@anna:lab\.test/);
    expect(demo.stdout()).toContain('demo › there is no /brake. There is: /fire NAME');
    expect(demo.stderr().match(/did not end well: .*/g)).toEqual([
      'did not end well: /brake synapse (failed)',
    ]);
    await allGone(processes);
  });

  it('ends everything at SIGINT, the bot in an orderly way', async () => {
    const { demo, processes } = await startedUp();
    const log = /Log +(\S+)/.exec(demo.stderr())?.[1] ?? '';
    demo.npm.kill('SIGINT');
    await allGone(processes);
    // npm ends with the code, or by the signal itself.
    expect([130, 'SIGINT']).toContain(await demo.ended);
    expect(readFileSync(join(repository, log), 'utf8')).toContain('"msg":"stopped"');
  });

  it('ends everything at SIGTERM while it still starts', async () => {
    const demo = startDemo();
    await demo.says('accounts: a person');
    const processes = demo.processes();
    expect(processes.map(({ command }) => command).join('\n')).toMatch(/launch\.py/);
    demo.npm.kill('SIGTERM');
    await allGone(processes);
    expect([143, 'SIGTERM']).toContain(await demo.ended);
    expect(demo.stderr()).toContain('stopped: SIGTERM');
    expect(demo.processes()).toEqual([]);
  });

  it('leaves nothing behind when it is killed by kill -9', async () => {
    const { demo, processes } = await startedUp();
    const itself = processes.find(({ command }) => command.includes('demo.ts'));
    if (itself !== undefined) process.kill(itself.pid, 'SIGKILL');
    await demo.ended;
    await allGone(processes);
  });

  it('leaves nothing behind when npm is killed by kill -9', async () => {
    // Busy for minutes, and not with its stdin, which closes when npm is killed.
    const script = Array.from({ length: 2000 }, () => ['--say', '!version']).flat();
    const { demo, processes } = await startedUp(...script);
    demo.npm.kill('SIGKILL');
    await allGone(processes);
  });

  it('ends when nobody reads it any more', async () => {
    const { demo, processes } = await startedUp();
    demo.npm.stdout?.destroy();
    demo.npm.stdin?.write('!help\n');
    await allGone(processes);
    expect(await demo.ended).not.toBe(0);
  });
});
