import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { candidatesOf, type Candidates } from '../../../../src/commands/completion/candidates.ts';
import {
  completionScript,
  shells,
  type Shell,
} from '../../../../src/commands/completion/script.ts';
import { nameOf } from '../../../../src/commands/command-index.ts';
import { commands } from '../../../../src/commands/nouns/index.ts';
import { exampleCommands } from '../example-commands.ts';

const options = [
  { flag: '--json', takesValue: false, choices: [] },
  { flag: '--lang', takesValue: true, choices: ['en', 'zh'] },
];
const about = (): string => "it's: a 'test' $(false) `false` \\";
const candidates: Candidates = {
  program: 'urtc',
  commands: candidatesOf(exampleCommands, about),
  options,
};

const noConfig = { bash: '--norc', zsh: '-f', fish: '--no-config' } as const;

function run(shell: Shell, script: string): string {
  const result = spawnSync(shell, [noConfig[shell], '-c', script], { encoding: 'utf8' });
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
  return result.stdout;
}

/** Completes lines by bash itself, all in one: to read the script takes longer than to complete. */
function completeInBash(lines: readonly string[], from: Candidates): readonly string[][] {
  const asked = lines.map((line) => {
    // Readline's part, word breaking at blanks and `=`, is done here: bash has it only with a terminal.
    const words = line.split(/ +|(?<==)|(?==)/).map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; unset COMPREPLY
_urtc; for each in "\${COMPREPLY[@]-}"; do printf '%s\\n' "$each"; done; printf '\\f'`;
  });
  const script = `set -u; ${completionScript('bash', from)}
complete -p urtc >/dev/null || exit 9
${asked.join('\n')}`;
  return run('bash', script).split('\f').slice(0, -1).map(sorted);
}

/** Completes `line` by the shell itself; the last word is the one at the cursor. */
const complete: Readonly<Record<Shell, (line: string, from: Candidates) => readonly string[]>> = {
  bash: (line, from) => completeInBash([line], from).flat(),
  zsh: (line, from) => {
    const words = line.split(/ +/).map((word) => `'${word}'`);
    // The builtins of a running completion exist only in a terminal; here they print and filter.
    const script = `emulate zsh
compdef() { [[ $1 == _urtc && $2 == urtc ]] || exit 9 }
offer() { local each; for each in "$@"; do [[ $each == \${cur}* ]] && print -r -- "$each"; done; return 0 }
compadd() { local name=\${@[-1]}; offer "\${(@P)name}" }
_describe() { local name=\${@[-1]}; offer "\${(@)\${(@P)name}%%:*}" }
compset() { cur=\${cur#*=} }
${completionScript('zsh', from)}
words=(${words.join(' ')}); CURRENT=${words.length}
_urtc`;
    return sorted(run('zsh', script));
  },
  fish: (line, from) => {
    const out = run('fish', `${completionScript('fish', from)}\ncomplete -C '${line}'\n`);
    return sorted(out.replaceAll(/\t.*/g, ''));
  },
};

function sorted(output: string): string[] {
  return output
    .split('\n')
    .filter((each) => each !== '')
    .sort();
}

const installed = new Map(
  shells.map((shell) => [shell, spawnSync(shell, ['-c', 'true']).status === 0]),
);

describe.each(shells)('completion by %s itself (skipped where it is not installed)', (shell) => {
  const given = it.skipIf(installed.get(shell) !== true);
  const value = (flag: string, choice: string): string =>
    shell === 'fish' ? `${flag}=${choice}` : choice;
  const valued = (flag: string): string => (shell === 'fish' ? flag : `${flag}=`);

  given.each<[string, readonly string[]]>([
    ['urtc ', ['note', 'secret', 'user']],
    ['urtc u', ['user']],
    ['urtc user ', ['add', 'list']],
    ['urtc user a', ['add']],
    ['urtc --json user a', ['add']],
    ['urtc --lang en user a', ['add']],
    ['urtc user add alice ', ['high', 'low']],
    ['urtc user add --quiet alice h', ['high']],
    ['urtc user add --days 3 alice h', ['high']],
    ['urtc user add alice --q', ['--quiet']],
    ['urtc user add alice --d', [valued('--days'), valued('--display-name'), '--dry-run']],
    ['urtc user list --', ['--json', valued('--lang')]],
    ['urtc user list --lang z', ['zh']],
    ['urtc user list --lang=z', [value('--lang', 'zh')]],
    ['urtc xyzzy ', []],
  ])('%j', (line, expected) => {
    expect(complete[shell](line, candidates)).toEqual(expected);
  });

  given('knows all commands of the product', () => {
    const all = { program: 'urtc', commands: candidatesOf(commands, about), options };
    const firstWords = [...new Set(commands.map((command) => command.words[0]))].sort();
    const expected = new Map<string, readonly string[]>([
      ['urtc ', firstWords],
      ['urtc help ', firstWords],
      ['urtc language ', ['en', 'zh']],
    ]);
    for (const noun of firstWords) {
      const verbs = commands
        .filter((command) => command.words.length === 2 && command.words[0] === noun)
        .map((command) => nameOf(command).split(' ')[1] ?? '');
      if (verbs.length > 0) expected.set(`urtc ${noun} `, verbs.sort());
      expected.set(`urtc help ${noun} `, verbs.sort());
    }
    const lines = [...expected.keys()];
    const answers =
      shell === 'bash'
        ? completeInBash(lines, all)
        : lines.map((line) => complete[shell](line, all));
    expect(new Map(lines.map((line, at) => [line, answers[at]]))).toEqual(expected);
  });
});
