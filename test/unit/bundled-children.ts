import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown, type RolldownBuild } from 'rolldown';

const kept = join(import.meta.dirname, '../../.lab/children');

/**
 * Bundles every program in `folder` (`name.ts`), and returns the folder in which they are (`name.mjs`).
 * Half of what such a child costs until it does something is to find and load some hundred modules.
 * What brings WebAssembly with it stays where it is.
 */
export async function bundledChildren(folder: string): Promise<string> {
  const programs = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const build = await rolldown({
    input: Object.fromEntries(
      programs.map((name) => [name.replace(/\.ts$/, ''), join(folder, name)]),
    ),
    platform: 'node',
    plugins: [
      {
        name: 'wasm-stays',
        resolveId: (id) =>
          id.startsWith('@matrix-org/')
            ? { id: import.meta.resolve(id), external: 'absolute' }
            : null,
      },
    ],
  });
  try {
    return await written(build);
  } finally {
    await build.close();
  }
}

/** Writes what is built where its contents say. */
async function written(build: RolldownBuild): Promise<string> {
  const files = {
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name].mjs',
  } as const;
  const { output } = await build.generate(files);
  const hash = createHash('sha256');
  for (const each of output)
    hash.update(each.fileName).update(each.type === 'chunk' ? each.code : '');
  // By its contents: Node finds again what it compiled, and a second run beside this one meets only whole files.
  const folder = join(kept, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(kept, { recursive: true });
  const making = mkdtempSync(`${folder}.`);
  await build.write({ ...files, dir: making });
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
