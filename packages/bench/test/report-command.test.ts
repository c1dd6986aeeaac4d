import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runHoldfast } from './run-holdfast.ts'
import { fullResult } from './sample-result.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-report-'))
const inFolder = (name: string): string => path.join(folder, name)

beforeAll(() => {
  writeFileSync(inFolder('before.json'), JSON.stringify(fullResult()))
  writeFileSync(inFolder('after.json'), JSON.stringify(fullResult({ short: 2.4, holdfast: 0.88 })))
  writeFileSync(inFolder('broken.json'), '{"schema":')
  writeFileSync(inFolder('other.json'), '{"schema":"holdfast.plan/2"}')
  const { summary: _, ...run } = fullResult().runs[0] ?? { summary: undefined }
  writeFileSync(inFolder('partial.json'), JSON.stringify({ ...fullResult(), runs: [run] }))
})

afterAll(() => rmSync(folder, { recursive: true }))

it('shows a result as a table, as Markdown, as JSON, and as a page', async () => {
  const file = inFolder('before.json')
  const table = await runHoldfast(['report', file])
  expect(table).toMatchObject({ code: 0, err: '' })
  expect(table.out).toMatch(/^long connections: 0\.42x the CPU per request of short ones /u)
  const markdown = await runHoldfast([
    'report',
    file,
    '--markdown',
    '--html',
    inFolder('page.html'),
  ])
  expect(markdown.out).toMatch(/^\*\*long connections: /u)
  expect(readFileSync(inFolder('page.html'), 'utf8')).toMatch(/^<!doctype html>\n<html lang="en">/u)
  const json = await runHoldfast(['report', file, '--json'])
  expect(JSON.parse(json.out)).toEqual(JSON.parse(readFileSync(file, 'utf8')))
})

it('compares two results, and fails where one is slower and that is asked for', async () => {
  const files = [inFolder('before.json'), inFolder('after.json')]
  const { code, out } = await runHoldfast(['report', ...files, '--html', inFolder('two.html')])
  expect(code).toBe(0)
  expect(out).toMatch(/^holdfast: CPU per request against node higher, 1\.10x \[/u)
  expect(readFileSync(inFolder('two.html'), 'utf8')).toContain('What changed against node')
  expect((await runHoldfast(['report', ...files, '--fail-if', 'slower'])).code).toBe(1)
  expect((await runHoldfast(['report', ...files, '--fail-if', 'invalid'])).code).toBe(0)
  expect((await runHoldfast(['report', ...files.toReversed(), '--fail-if', 'slower'])).code).toBe(0)
  expect(await runHoldfast(['report', ...files, '--fail-if', 'slower', '--json'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('failed: holdfast became slower in CPU per request\n'),
  })
  const limit = ['--fail-if', 'holdfast.cpuPerRequest > 0.85']
  expect((await runHoldfast(['report', ...files, ...limit])).code).toBe(1)
  expect((await runHoldfast(['report', inFolder('before.json'), ...limit])).code).toBe(0)
  expect((await runHoldfast(['report', inFolder('before.json'), '--fail-if', 'slower'])).code).toBe(
    1,
  )
  const json = await runHoldfast(['report', ...files, '--json'])
  expect(JSON.parse(json.out)).toMatchObject({ schema: 'holdfast.comparison/1', differences: [] })
})

it.each([
  [[], 'expected one or two files of results, got 0'],
  [['a', 'b', 'c'], 'expected one or two files of results, got 3'],
  [['missing.json'], 'missing.json: ENOENT'],
  [[inFolder('broken.json')], `${inFolder('broken.json')}: `],
  [
    [inFolder('other.json')],
    `${inFolder('other.json')} must be a result of schema holdfast.bench/4, as holdfast bench --json prints it, got schema 'holdfast.plan/2'`,
  ],
  [
    [inFolder('partial.json')],
    `${inFolder('partial.json')}: /runs/0 must have required property 'summary'`,
  ],
  [
    ['x.json', '--html', inFolder('nowhere/page.html')],
    `--html must name a file in a folder that exists, got '${inFolder('nowhere/page.html')}'`,
  ],
  [['x.json', '--html', ''], "--html must name a file, got ''"],
  [['x.json', '--json', '--markdown'], '--json and --markdown cannot both be printed'],
  [[inFolder('before.json'), '--fail-if', 'x'], "--fail-if expects 'VARIANT.FIGURE > NUMBER'"],
  [
    [inFolder('before.json'), '--fail-if', 'nobody.p99 > 1'],
    '--fail-if: nobody is called nobody; there are node, node-again, short, holdfast',
  ],
])('explains %j and exits with 2', async (args, message) => {
  const { code, out, err } = await runHoldfast(['report', ...args])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err.startsWith(`holdfast: ${message}`) ? message : err).toBe(message)
})

it('helps, with examples and exit codes', async () => {
  const { code, out } = await runHoldfast(['report', '--help'])
  expect(code).toBe(0)
  expect(out).toContain('holdfast report before.json after.json --fail-if slower')
  expect(out).toContain('Exit code: 0, or 1 if --fail-if says so, or 2')
})
