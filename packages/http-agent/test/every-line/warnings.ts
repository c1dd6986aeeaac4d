import process from 'node:process'
import type { TestContext } from 'node:test'

interface Warning extends Error {
  readonly code?: string
}

/** The warnings of Holdfast while the test lasts. */
export const warningsOf = (context: TestContext): Warning[] => {
  const warnings: Warning[] = []
  const onWarning = (warning: Warning): void => {
    if (warning.name === 'HoldfastWarning') warnings.push(warning)
  }
  process.on('warning', onWarning)
  context.after(() => process.off('warning', onWarning))
  return warnings
}
