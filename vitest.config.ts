import { join, relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { cacheFolder } from './test/lab/cache.ts';
import { longestFirst } from './test/lab/longest-first.ts';

/** Filters of the part that `npm test` also runs in rooms without encryption; all of it: `npm run test:plain`. */
const plainPart = ['16-*', '20-large-answers', '30-hostile-json'];

/** Node reads our TypeScript by itself, as it does when the product runs; no test replaces a module. */
const readByNode = { viteModuleRunner: false, nodeLoader: false };

/** Two processors, and tests wait much; each file's own load of Element's SDK would cost a second. */
const onRealParts = {
  ...{ testTimeout: 240_000, hookTimeout: 240_000, maxWorkers: 6, isolate: false },
  experimental: readByNode,
};

const inPlainRooms = process.env['URTC_LAB_ROOMS'] === 'plain';

/** What takes long starts first; what is not in the list of long ones as vitest noted, or else by size. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files), (each) => ({
      project: each.project.name,
      file: relative(this.ctx.config.root, each.moduleId),
    }));
  }
}

export default defineConfig({
  // What each file took last time is kept where `npm ci` does not delete it, for what is not in the list of long ones.
  // Each Node has its own: the unit tests run on two of them at the same time.
  cacheDir: join(cacheFolder(), `vitest-${process.version}`),
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          globalSetup: ['test/unit/temp-in-memory.ts'],
          setupFiles: ['test/unit/property-runs.ts'],
          testTimeout: 60_000,
          // A second, as is usual, is short for a machine that does much else.
          expect: { poll: { timeout: 20_000 } },
          // A third of what a child process of a test costs is to compile the same modules again.
          env: { NODE_COMPILE_CACHE: join(import.meta.dirname, '.lab', 'compiled') },
          // Half of the time would go into loading the same modules for each file again.
          isolate: false,
          experimental: readByNode,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // What is about encryption alone has nothing to show in rooms without it.
          exclude: inPlainRooms ? ['test/integration/encryption/**'] : [],
          globalSetup: ['test/lab/global-setup.ts'],
          ...onRealParts,
        },
      },
      {
        test: {
          name: 'plain',
          include: plainPart.map((file) => `test/integration/failure/${file}.test.ts`),
          env: { URTC_LAB_ROOMS: 'plain' },
          // Without a set-up of its own: it runs beside `integration`, whose Synapse and cluster it uses.
          ...onRealParts,
        },
      },
    ],
  },
});
