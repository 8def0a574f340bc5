import { defineConfig } from 'vitest/config';

const inPlainRooms = process.env['URTC_LAB_ROOMS'] === 'plain';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // What is about encryption alone has nothing to show in rooms without it.
          exclude: inPlainRooms ? ['test/integration/encryption/**'] : [],
          globalSetup: ['test/lab/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 4,
        },
      },
    ],
  },
});
