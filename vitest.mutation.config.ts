import { defineConfig } from 'vitest/config'

/**
 * The tests that mutants of core are held against. The long random histories are left out: they would
 * find more of them, and take hours.
 */
export default defineConfig({
  test: {
    include: ['packages/core/src/**/*.test.ts', 'packages/core/test/pool/*.test.ts'],
    exclude: [
      '**/pool/reference.test.ts',
      '**/pool/reentrant-walk.test.ts',
      '**/upstream/**',
      '**/tcp/**',
    ],
  },
})
