/** Tests are `test/**\/*.test.ts`; two workers at most, so that a small machine stays usable. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    watch: false,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
});
