import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './testing/longest-first.ts';

const shared = {
  resolve: { conditions: ['cordon-source'] },
  ssr: { resolve: { conditions: ['cordon-source'] } },
};
const ignored = ['**/node_modules/**', '**/dist/**'];
// What a test waits for comes at its own pace: only what never comes is a failure (vitest's own limit is one second).
const waiting = { expect: { poll: { timeout: 30_000 } } };

export default defineConfig({
  test: {
    // One worker a core: the default keeps a core free, and most tests wait for PostgreSQL or for a process they started.
    maxWorkers: Math.max(2, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...shared,
        test: {
          ...waiting,
          name: 'unit',
          include: ['{packages,apps,testing,launch}/**/*.test.ts'],
          setupFiles: ['testing/property-seed.ts'],
          exclude: [...ignored, '**/*.{int,e2e,full}.test.ts'],
          // Several runs may share a machine: a slow one is no failure.
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        ...shared,
        test: {
          ...waiting,
          name: 'integration',
          include: ['{packages,apps,testing}/**/*.int.test.ts'],
          exclude: ignored,
          globalSetup: ['testing/cluster.ts'],
          setupFiles: ['testing/leaks.ts', 'testing/property-seed.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        ...shared,
        test: {
          ...waiting,
          name: 'end-to-end',
          include: ['testing/**/*.e2e.test.ts'],
          exclude: ignored,
          testTimeout: 480_000,
          hookTimeout: 480_000,
        },
      },
    ],
  },
});
