import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { fullResult } from '../../../test/sample-result.ts'
import { compareResults } from '../compare-results.ts'
import { latencyFigure } from './latency-figure.ts'
import { ratioFigure } from './ratio-figure.ts'
import { renderComparisonHtml } from './render-comparison-html.ts'
import { renderHtml } from './render-html.ts'
import { statesFigure } from './states-figure.ts'
import { usesFigure } from './uses-figure.ts'

const RESULT = fullResult()
const [RUN] = RESULT.runs
if (RUN === undefined) throw new Error('the sample has a run')

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length
  return text.slice(from, text.indexOf(end, from))
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

it('allows its own style and script by their hashes, and nothing else', () => {
  const page = renderHtml(RESULT)
  const policy = between(page, 'Content-Security-Policy" content="', '"')
  expect(policy).toBe(
    [
      "default-src 'none'",
      `style-src ${hashOf(between(page, '<style>', '</style>'))}`,
      `script-src ${hashOf(between(page, '<script type="module">', '</script>'))}`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
  )
  expect(page).not.toMatch(/\s(?:src|style|on\w+)="/u)
  expect(page).not.toMatch(/(?:https?:)?\/\/\w/u)
})

it('shows what stands in names, whatever that is, as text', () => {
  const evil = `</title><script>alert('x')</script><img src="//example.org/">`
  const text = JSON.stringify(RESULT).replaceAll('"holdfast"', JSON.stringify(evil))
  const result = JSON.parse(text) as typeof RESULT
  for (const page of [
    renderHtml(result),
    renderComparisonHtml(compareResults(result, result), result, result),
  ]) {
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain('<img')
    expect(page.match(/<script/gu)).toHaveLength(1)
    expect(page).toContain('&lt;/title&gt;&lt;script&gt;')
  }
})

it('has an identifier only once', () => {
  const page = renderComparisonHtml(compareResults(RESULT, RESULT), RESULT, RESULT)
  const ids = Array.from(page.matchAll(/\sid="(?<id>[^"]+)"/gu), ({ groups }) => groups?.['id'])
  expect(ids.length).toBeGreaterThan(30)
  expect(new Set(ids).size).toBe(ids.length)
  const wanted = Array.from(
    page.matchAll(/(?:aria-labelledby|data-table|data-readout|href)="#?(?<ids>[^"]+)"/gu),
    ({ groups }) => groups?.['ids']?.split(' ') ?? [],
  ).flat()
  expect(wanted.filter((id) => !ids.includes(id))).toEqual([])
})

it('has in the tables of its figures what the result says', () => {
  const ratio = RUN.summary.comparisons.find(
    ({ candidate, metric }) => candidate === 'holdfast' && metric === 'cpuPerRequest',
  )
  expect(ratioFigure(RUN, '')?.table.rows).toContainEqual([
    'holdfast',
    'CPU per request',
    ratio?.ratio.toFixed(3),
    ratio?.low.toFixed(3),
    ratio?.high.toFixed(3),
    '96.1 %',
    '9',
    'faster',
  ])
  const p50 = latencyFigure(RUN, '')?.table.rows.find(([name]) => name === 'p50')
  expect(p50).toEqual(['p50', '500.5 µs', '1.20 ms', '400.5 µs'])
  const states = statesFigure(RUN, '')?.table
  expect(states?.columns).toHaveLength(3 + 11)
  const last = states?.rows.findLast(([name, side]) => name === 'short' && side === 'upstream')
  expect(last?.[2]).toBe('1.00 s')
  expect(last?.[states?.columns.indexOf('TIME_WAIT') ?? 0]).toBe('19,800')
  expect(usesFigure(RUN, '')?.table.rows).toEqual([
    ['node', '390', '20', '7,800'],
    ['node', '410', '30', '12,300'],
    ['short', '1', '20,000', '20,000'],
    ['holdfast', '390', '20', '7,800'],
    ['holdfast', '410', '30', '12,300'],
  ])
})

it('stops at each number of a chart, within the chart', () => {
  for (const figure of [latencyFigure(RUN, ''), statesFigure(RUN, '')]) {
    for (const width of [1080, 312]) {
      const drawing = figure?.draw(width)
      expect(drawing?.stops.map(({ row }) => row)).toEqual(figure?.table.rows.map((_, row) => row))
      for (const { x, top, bottom } of drawing?.stops ?? []) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x).toBeLessThanOrEqual(width)
        expect(bottom).toBeGreaterThan(top)
        expect(bottom).toBeLessThanOrEqual(drawing?.height ?? 0)
      }
    }
  }
})

it('leaves out a figure that there is nothing for', () => {
  const silent = { ...RUN, timelines: [] }
  expect(statesFigure(silent, '')).toBeUndefined()
  expect(usesFigure(silent, '')).toBeUndefined()
  const page = renderHtml({ ...RESULT, runs: [silent] })
  expect(page).not.toContain('Connections over time')
})

it('says in its headline what is sure, where the CPU is not', () => {
  const comparisons = RUN.summary.comparisons.map((each) => ({
    ...each,
    verdict: 'unsure' as const,
  }))
  const page = renderHtml({
    ...RESULT,
    runs: [{ ...RUN, summary: { ...RUN.summary, comparisons } }],
  })
  expect(page).toMatch(
    /<h1>Long connections open [\d,]+ connections instead of [\d,]+; what CPU that saves is unsure<\/h1>/u,
  )
})

it('folds two results up behind what changed', () => {
  const page = renderComparisonHtml(compareResults(RESULT, RESULT), RESULT, RESULT)
  expect(page.match(/<details class="part"/gu)).toHaveLength(2)
  expect(page).not.toMatch(/<details class="part"[^>]*open/u)
})

it('says at the top that a run is invalid', () => {
  const [first, ...others] = RUN.blocks
  if (first === undefined) throw new Error('the sample has blocks')
  const slices = first.slices.map((slice) => ({ ...slice, problems: ['nobody agrees'] }))
  const blocks = [{ ...first, slices }, ...others]
  const summary = { ...RUN.summary, invalidSlices: slices.length }
  const page = renderHtml({ ...RESULT, runs: [{ ...RUN, blocks, summary }] })
  expect(page).toContain('<h1>INVALID (4 of 40 slices, see below): long')
  expect(page).toContain('4 of 40 slices are invalid')
  expect(page).toContain('INVALID block 1, node: nobody agrees')
})
