import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'

/** The lines of Node that users may have; each runs the compiled code. */
const LINES = ['node20', 'node22', 'node24', 'node'] as const

const SOME_PASSED = /\bpass [1-9]/u

const root = new URL('../../../', import.meta.url)
const compiled = new URL('../build/every-line/', import.meta.url)

const run = async (
  line: string,
  file: string,
  patienceMs: number,
): Promise<{ code: number | null; output: string }> => {
  const binary = fileURLToPath(new URL(`node_modules/${line}/bin/node`, root))
  const child = spawn(
    binary,
    [
      '--import',
      new URL('refuse-illegal-moves.js', compiled).href,
      '--test',
      `--test-timeout=${patienceMs}`,
      '--test-reporter=spec',
      fileURLToPath(new URL(file, compiled)),
    ],
    // Nothing of what Vitest tells its workers, which Node's own test runner would take for its own.
    { env: {} },
  )
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  return { code, output }
}

const files = readdirSync(compiled).filter((name) => name.endsWith('.test.js'))

describe.concurrent.each(LINES)('on %s', (line) => {
  it.for(files)('%s', async (file, { expect, task }) => {
    // Node says which test hangs; Vitest would only say which file.
    const { code, output } = await run(line, file, task.timeout / 2)
    expect(output).toMatch(SOME_PASSED)
    expect(code, output).toBe(0)
  })
})
