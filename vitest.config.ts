import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    isolate: false, // no test leaves anything behind in a module: what all of them import is loaded once a worker
    maxWorkers: Math.max(2, availableParallelism() - 1), // by itself vitest leaves one of two cores idle
    coverage: { include: ['src/**'], exclude: ['src/cli.ts'] },
  },
});
