import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'tests/**/*.test.ts'],
    // The figures of two test files that load both cores at once would disturb each other's clocks.
    maxWorkers: 2,
  },
})
