import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launcher, plainEnvironment, urtc } from '../../lab/product.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'urtc-completion-'));
  const program = join(folder, 'urtc');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`);
  chmodSync(program, 0o755);
  writeFileSync(join(folder, 'script'), (await urtc(['completion', 'bash'])).stdout);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers for a line that ends at the cursor, asked as its own Tab does it. */
const offered = (line: string): string[] => {
  const words = line.split(' ');
  const bash = `
    source "$1"; shift
    COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}
    COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
    how=$(complete -p urtc); function=\${how##*-F }; function=\${function%% *}
    "$function" urtc "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]:-}"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ['--norc', '-c', bash, 'bash', join(folder, 'script'), ...words];
  const env = plainEnvironment();
  const path = `${folder}${delimiter}${env['PATH'] ?? ''}`;
  const text = execFileSync('bash', args, { env: { ...env, PATH: path }, encoding: 'utf8' });
  return text
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
};

describe('completion in a real bash, by the shipped program', () => {
  it('offers nouns, verbs, flags and choices', () => {
    expect(offered('urtc us')).toEqual(['user']);
    expect(offered('urtc user de')).toEqual(['deactivate']);
    expect(offered('urtc user list --al')).toEqual(['--all']);
    expect(offered('urtc user admin alice ')).toEqual(expect.arrayContaining(['on', 'off']));
    expect(offered('urtc completion ')).toEqual(['bash', 'zsh', 'fish']);
    expect(offered('urtc config ')).toEqual(expect.arrayContaining(['check', 'show', 'reload']));
    expect(offered('urtc --lang ')).toEqual(['en', 'zh']);
  });

  it('offers nothing where it knows nothing', () => {
    expect(offered('urtc nonsense ')).toEqual([]);
  });

  it.each(['zsh', 'fish'])('has a script for %s', async (shell) => {
    const { code, stdout } = await urtc(['completion', shell]);
    expect(code).toBe(0);
    for (const word of ['user', 'deactivate', '--dry-run'])
      expect(stdout).toContain(word.replace('--', ''));
  });

  it('tells which shells there are', async () => {
    expect(await urtc(['completion', 'tcsh'])).toMatchObject({ code: 64 });
  });
});
