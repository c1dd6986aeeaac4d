import { defineConfig } from 'vitest/config'
import { PATIENCE_MS } from './tests/workspace/patience.ts'

/** Tests that need real servers, network namespaces or a browser, which a bare checkout does without. */
export default defineConfig({
  test: {
    include: ['packages/*/test/system/**/*.system.test.ts'],
    // They share the machine's servers and load both cores.
    maxWorkers: 1,
    passWithNoTests: true,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
  },
})
