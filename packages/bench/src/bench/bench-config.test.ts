import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, describe, expect, it } from 'vitest'
import { parseOptions } from '../cli/command-line.ts'
import { withConfig } from './bench-config.ts'
import { benchConfigSchema } from './bench-config-schema.ts'
import { BENCH_OPTIONS, type BenchOptions } from './bench-options.ts'
import { scenariosOf } from './bench-scenarios.ts'

const directory = mkdtempSync(path.join(os.tmpdir(), 'holdfast-config-'))
afterAll(() => rmSync(directory, { recursive: true }))

const isValid = new Ajv({ strict: true }).compile(benchConfigSchema())

function fileOf(content: unknown): string {
  const file = path.join(directory, 'bench.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

function optionsOf(content: unknown, ...args: readonly string[]): BenchOptions {
  return parseOptions(BENCH_OPTIONS, withConfig(args, fileOf(content)))
}

const FULL = {
  $schema: './bench-config.schema.json',
  variant: ['short', 'holdfast:idleTimeoutMs=1000'],
  baseline: 'agentkeepalive',
  workload: 'burst:size=10',
  connections: [10, 50],
  blocks: 7,
  tls: true,
  'refuse-noise': false,
  path: 'direct',
} as const

describe('a config file', () => {
  it('sets options by their names', () => {
    const options = optionsOf(FULL)
    expect(options).toMatchObject({
      variant: ['short', 'holdfast:idleTimeoutMs=1000'],
      baseline: 'agentkeepalive',
      workload: 'burst:size=10',
      connections: [10, 50],
      blocks: 7,
      tls: true,
      'refuse-noise': false,
      path: 'direct',
    })
    expect(scenariosOf(options)).toHaveLength(2)
  })

  it('leaves the last word to the command line', () => {
    const options = optionsOf(FULL, '--blocks', '9', '--variant', 'node', '--connections', '3')
    expect(options).toMatchObject({ blocks: 9, connections: [3] })
    expect(options.variant).toEqual(['short', 'holdfast:idleTimeoutMs=1000', 'node'])
  })

  it('takes one value where a list may stand', () => {
    expect(optionsOf({ connections: 4, variant: 'short' })).toMatchObject({
      connections: [4],
      variant: ['short'],
    })
  })

  it.each([
    ['{', 'bench.json: '],
    [[], 'expected an object of options'],
    [null, 'expected an object of options'],
    [{ blocks: 0 }, "--blocks must be a whole number from 1 to 1000, got '0'"],
    [{ blocks: '3x' }, "--blocks must be a whole number from 1 to 1000, got '3x'"],
    [{ block: 3 }, 'unknown option --block'],
    [{ blocks: {} }, 'blocks must be text, a number, true, false or a list of these'],
    [{ config: 'other.json' }, 'config cannot be set in a file'],
    [{ help: true }, 'help cannot be set in a file'],
  ])('is refused: %j', (content, message) => {
    expect(() => optionsOf(content)).toThrow(message)
  })

  it('is refused where there is none', () => {
    expect(() => withConfig([], path.join(directory, 'none.json'))).toThrow('no such file')
  })

  it('changes nothing where none is named', () => {
    expect(withConfig(['--tls'], undefined)).toEqual(['--tls'])
  })
})

describe('its schema', () => {
  it.each([{}, FULL, { connections: 5, variant: 'node' }])('takes %j', (config) => {
    expect(isValid(config), JSON.stringify(isValid.errors)).toBe(true)
  })

  it.each([
    { blocks: 0 },
    { blocks: '3' },
    { block: 3 },
    { path: 'sideways' },
    { connections: [] },
    { connections: [0] },
    { tls: 'yes' },
    { config: 'other.json' },
    { help: true },
  ])('refuses %j', (config) => {
    expect(isValid(config)).toBe(false)
  })
})
