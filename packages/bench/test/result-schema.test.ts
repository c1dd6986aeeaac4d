import { describe, expect, it } from 'vitest'
import { runHoldfast } from './run-holdfast.ts'
import { fullResult } from './sample-result.ts'
import { isObject, mistakesIn, validatorOf } from './schema-mistakes.ts'

/** Every way to leave out one member of the data, at any depth, but in arrays only of the first item. */
function* withoutOne(data: unknown): Generator<readonly [path: string, rest: unknown]> {
  if (Array.isArray(data)) {
    for (const [path, rest] of withoutOne(data[0])) yield [`/0${path}`, [rest, ...data.slice(1)]]
    return
  }
  if (!isObject(data)) return
  for (const [key, value] of Object.entries(data)) {
    const { [key]: _, ...rest } = data
    yield [`/${key}`, rest]
    for (const [path, inner] of withoutOne(value))
      yield [`/${key}${path}`, { ...data, [key]: inner }]
  }
}

/** Members whose names come from elsewhere, and may be missing. */
const FREE =
  /\/(?:versions|sysctls|options|errors|loadErrors|states|client|upstream|workload)\/[^/]+$/u

describe('the schema of a result', () => {
  it('describes what holdfast bench prints, and nothing less', async () => {
    const args = [
      '--blocks',
      '2',
      '--slice-ms',
      '50',
      '--warm-up-ms',
      '50',
      '--timeline-ms',
      '100',
      '--race-ms',
      '500',
    ]
    const { out } = await runHoldfast(['bench', ...args, '--connections', '2', '--json'])
    expect(mistakesIn('bench-result', JSON.parse(out))).toEqual([])
  })

  it('describes the sample that other tests use', () => {
    expect(mistakesIn('bench-result', fullResult())).toEqual([])
  })

  it('misses whatever is left out', () => {
    const validate = validatorOf('bench-result', false)
    const missed = Array.from(withoutOne(fullResult()))
      .filter(([path]) => !FREE.test(path))
      .filter(([, rest]) => validate(rest))
      .map(([path]) => path)
    expect(missed).toEqual([])
  })
})

it('the schema of a plan describes what holdfast plan prints', async () => {
  const args = ['--profile', 'nginx', '--simulate', '--time', '20s', '--max-sockets', '3', '--json']
  const overloaded = await runHoldfast(['plan', ...args])
  expect(mistakesIn('plan-result', JSON.parse(overloaded.out))).toEqual([])
  const plain = await runHoldfast(['plan', '--json'])
  expect(mistakesIn('plan-result', JSON.parse(plain.out))).toEqual([])
})
