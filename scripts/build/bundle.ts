import { rolldown } from 'rolldown';
import { carryWasm } from './carry-wasm.ts';
import { buryDeadPackages } from './dead-packages.ts';
import { lateUnicode } from './late-unicode.ts';

/** One file of the bundle. */
export interface BundledFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** What the bundler made. */
export interface Bundle {
  readonly files: readonly BundledFile[];
  /** Source files that are in it. */
  readonly modules: readonly string[];
}

/**
 * Bundles the program and everything that it needs. Dynamic imports stay files of their own, so
 * that each way of starting loads only what it uses. Throws on anything unresolved: an installer
 * gets no dependency besides Node.
 */
export async function bundle(): Promise<Bundle> {
  await using build = await rolldown({
    input: { urtc: 'src/cli/main.ts' },
    platform: 'node',
    plugins: [buryDeadPackages(), carryWasm(), lateUnicode()],
    onLog(level, log, defaultHandler) {
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      if (level === 'warn' && !quiet.has(log.code ?? '')) defaultHandler(level, log);
    },
  });
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'parts/[name]-[hash].mjs',
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    keepNames: true,
    comments: false,
  });
  const chunks = output.filter((file) => file.type === 'chunk');
  return {
    files: output.map((file) => ({
      name: file.fileName,
      content: file.type === 'chunk' ? file.code : file.source,
    })),
    modules: chunks.flatMap((chunk) => chunk.moduleIds),
  };
}

/** Told by the bundler about packages that are not ours to mend. */
const quiet = new Set(['CIRCULAR_DEPENDENCY', 'EVAL', 'COMMONJS_VARIABLE_IN_ESM']);
