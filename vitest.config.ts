import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // The former are compiled and run by Node itself, on every line that users may have; the latter
    // need what a bare checkout does without, and have a configuration of their own.
    exclude: ['**/node_modules/**', '**/every-line/**', '**/test/system/**'],
    include: ['packages/*/{src,test}/**/*.test.ts', 'tests/**/*.test.ts'],
    // A limit for what hangs: on a busy machine a test may take a hundred times as long as alone.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // The figures of two test files that load both cores at once would disturb each other's clocks.
    maxWorkers: 2,
  },
})
