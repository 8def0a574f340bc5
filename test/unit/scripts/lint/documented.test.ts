import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '../../../..');

/** Names that the linter with this one rule finds without a doc in a source. */
function found(source: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'urtc-documented-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = {
    jsPlugins: [join(root, 'scripts/lint/house.ts')],
    categories: { correctness: 'off' },
    rules: { 'house/documented': 'error' },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'source.ts'), source);
  const linter = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/oxlint/bin/oxlint'),
      '--config',
      join(folder, 'config.json'),
      '--format',
      'unix',
      join(folder, 'source.ts'),
    ],
    { encoding: 'utf8' },
  );
  const names = [...linter.stdout.matchAll(/`(\w+)` is exported without a doc/g)];
  expect(linter.status, linter.stdout + linter.stderr).toBe(names.length > 0 ? 1 : 0);
  return names.map(([, name = '']) => name);
}

it('finds every exported function, interface and type without a doc comment', () => {
  const source = `
    export function plain(): void {}
    // A line is no doc.
    export interface Lined {}
    /* Nor is a plain block. */
    export type Blocked = 1;
    function late(): void {}
    type Later = 1;
    export { late as other, type Later };
    export async function many(a: 1): Promise<void>;
    export async function many(a: 2): Promise<void>;
    export async function many(): Promise<void> {}
    export default function (): void {}
  `;
  expect(found(source)).toEqual(['plain', 'Lined', 'Blocked', 'late', 'Later', 'many', 'default']);
});

it('is content with a doc, also above a line comment, of the first overload, and where nothing is exported', () => {
  const source = `
    /** What it is for. */
    export interface Told {}

    /** What it does. */
    // Why so.
    export function told(a: 1): void;
    export function told(): void {}
    /** What it is. */
    type Later = 1;
    export type { Later };
    interface Own {}
    function own(): Own { return {}; }
    export const value = own();
    export { elsewhere } from './elsewhere.ts';
    export class Bare {}
  `;
  expect(found(source)).toEqual([]);
});
