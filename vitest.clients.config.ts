import { defineConfig } from 'vitest/config'
import { PATIENCE_MS } from './tests/workspace/patience.ts'

/** Other people's clients, which are installed for these tests alone. */
export default defineConfig({
  test: {
    include: ['tests/clients/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/build/**'],
    // One for each line of Node.
    maxWorkers: 2,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
  },
})
