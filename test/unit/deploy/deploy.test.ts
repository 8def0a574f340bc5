import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { nameOf } from '../../../src/commands/command-index.ts';
import { commands } from '../../../src/commands/nouns/index.ts';
import { errorCatalogue } from '../../../src/core/error-catalogue.ts';
import { loadConfig, readSettings } from '../../../src/platform/config/config.ts';
import { settingsSchema } from '../../../src/platform/config/schema.ts';
import { keyText, put } from '../platform/config/folder.ts';

const deploy = join(import.meta.dirname, '../../../deploy');
const unit = join(deploy, 'systemd/urtc-bot.service');
const example = join(deploy, 'urtc.example.yaml');

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'urtc-deploy-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe('the example config', () => {
  it('is right, with its secrets in place', () => {
    const home = folder();
    const file = join(home, 'config.yaml');
    copyFileSync(example, file);
    mkdirSync(join(home, 'secrets'));
    put(home, 'secrets/bot-token', 'a-token');
    put(home, 'secrets/admin-token', 'another');
    put(home, 'secrets/master-key', keyText);
    expect(loadConfig(file, {}, commands.map(nameOf)).folders.sockets).toBe('/run/urtc');
  });

  it('shows every setting that there is', () => {
    const result = readSettings(example);
    if (!result.ok) throw new Error(result.problems.map((each) => each.code).join());
    const text = readFileSync(example, 'utf8');
    for (const name of Object.keys(z.object(settingsSchema.shape).shape)) {
      expect(text, name).toMatch(new RegExp(`^(# )?${name}:`, 'm'));
    }
  });
});

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the systemd unit', () => {
  it.runIf(hasAnalyze)('is accepted by systemd-analyze verify', () => {
    const home = folder();
    // The account is made by the installer; here only the form of the unit is looked at.
    const text = readFileSync(unit, 'utf8').replace(/^(User|Group)=urtc$/gm, '$1=root');
    const file = join(home, 'urtc-bot.service');
    writeFileSync(file, text);
    const verify = (): string => {
      const run = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
      return `${run.stdout}${run.stderr}`
        .split('\n')
        .filter((line) => line.includes('urtc-bot'))
        .join('\n');
    };
    expect(verify()).toBe('');
    writeFileSync(file, text.replace('WatchdogSec', 'WatchdogSeconds'));
    expect(verify()).toContain('WatchdogSeconds');
  });

  it.runIf(hasAnalyze)('is hardened as far as Node allows', () => {
    const output = execFileSync(
      'systemd-analyze',
      ['security', '--offline=yes', '--no-pager', '--json=short', unit],
      { encoding: 'utf8', env: { ...process.env, COLUMNS: '200' } },
    );
    const rows = z
      .array(z.object({ name: z.string().nullable(), exposure: z.string().nullable() }))
      .parse(JSON.parse(output));
    const open = rows.filter((row) => Number(row.exposure ?? 0) > 0).map((row) => row.name);
    expect(open).not.toContain('CapabilityBoundingSet=~CAP_SYS_ADMIN');
    expect(open).not.toContain('NoNewPrivileges=');
    expect(open).not.toContain('ProtectSystem=');
  });

  it('does not restart where trying again would change nothing', () => {
    const text = readFileSync(unit, 'utf8');
    const exits = [errorCatalogue.E_CONFIG_INVALID.exit, errorCatalogue.E_TOKEN_REVOKED.exit];
    expect(text).toContain(`RestartPreventExitStatus=${exits.join(' ')}`);
  });
});
