import { defineConfig } from 'vitest/config'
import { PATIENCE_MS } from './tests/workspace/patience.ts'

export default defineConfig({
  test: {
    // The former are compiled and run by Node itself, on every line that users may have; the others
    // need what a bare checkout does without, and have configurations of their own.
    exclude: ['**/node_modules/**', '**/every-line/**', '**/test/system/**', 'tests/clients/**'],
    include: ['packages/*/{src,test}/**/*.test.ts', 'tests/**/*.test.ts'],
    // The figures of two test files that load both cores at once would disturb each other's clocks.
    maxWorkers: 2,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
  },
})
