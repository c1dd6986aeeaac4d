import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Those are compiled and run by Node itself, on every line that users may have.
    exclude: ['**/node_modules/**', '**/every-line/**'],
    include: ['packages/*/{src,test}/**/*.test.ts', 'tests/**/*.test.ts'],
    // The figures of two test files that load both cores at once would disturb each other's clocks.
    maxWorkers: 2,
  },
})
