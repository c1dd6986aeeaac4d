import { expect, it } from 'vitest'
import { cpuOf, sampleResult, sampleRun, sampleSlice } from '../../../test/sample-record.ts'
import { textOf } from '../../cli/line.ts'
import type { Recommendation } from '../../forms/recommendation.ts'
import { renderHtml } from '../../report/html/render-html.ts'
import { renderTable } from '../../report/render-table.ts'
import type { BenchResult, Slice } from '../bench-result.ts'
import { parseUpstream } from '../upstreams/upstream.ts'
import { parseVariant } from '../variants/parse-variant.ts'
import { participantsOf } from './participants.ts'

const SHORT = 'holdfast:idleTimeoutMs=500'
const LONG = 'holdfast:idleTimeoutMs=5000'

/** Result of settings that measure the same in every one of eight blocks. */
function resultOf(
  slices: Readonly<Record<string, Partial<Slice>>>,
  upstream = 'node',
): BenchResult {
  const names = Object.keys(slices)
  const blocks = Array.from({ length: 8 }, () =>
    [['node', {}], ['node-again', {}], ...Object.entries(slices)].map(([name, changes]) =>
      sampleSlice(name as string, changes as Partial<Slice>),
    ),
  )
  const run = sampleRun([], blocks)
  const participants = participantsOf(parseVariant('node'), names.map(parseVariant))
  const scenario = { ...run.scenario, participants, upstream: parseUpstream(upstream) }
  return sampleResult({ ...run, scenario })
}

function recommended(...asked: Parameters<typeof resultOf>): Recommendation | null {
  return resultOf(...asked).runs[0]?.summary.recommendation ?? null
}

const opening = (connections: number): Partial<Slice> => ({
  upstream: { requests: 1000, connections },
})

it('takes what loses least, whatever it costs', () => {
  const found = recommended({ [LONG]: { lost: 3 }, [SHORT]: { ...opening(50), ...cpuOf(2e5) } })

  expect(found).toMatchObject({ policy: SHORT, ties: [], server: [] })
  expect(found?.reasons[0]).toBe(`0 requests lost of 8,000 (24 with ${LONG})`)
  expect(found?.code).toContain('idleTimeoutMs: 500,')
})

it('takes what opens least where nothing is lost, and then what costs least', () => {
  expect(recommended({ [SHORT]: opening(50), [LONG]: opening(5) })?.policy).toBe(LONG)
  expect(recommended({ [SHORT]: cpuOf(2e5), [LONG]: cpuOf(1e5) })?.policy).toBe(LONG)
})

it('stands before all else, since it answers what was asked', () => {
  const result = resultOf({ [SHORT]: {}, [LONG]: { lost: 3 } })

  expect(renderTable(result, 200).map(textOf)[0]).toMatch(/^take holdfast:idleTimeoutMs=500: /u)
  expect(renderHtml(result)).toContain(`<h1>Take ${SHORT}</h1>`)
})

it('calls a tie one', () => {
  expect(recommended({ [SHORT]: {}, [LONG]: cpuOf(100_500) })).toMatchObject({
    policy: SHORT,
    ties: [LONG],
  })
})

it('says what the server would have to change', () => {
  const each = { [SHORT]: opening(100), [LONG]: opening(100) }

  expect(recommended(each, 'nginx:keepalive_requests=10')?.server).toEqual([
    'raise keepalive_requests, which ends connections after 10 requests',
  ])
})

it('has nothing to say of one setting, or of others', () => {
  expect(recommended({ [SHORT]: {} })).toBeNull()
  expect(recommended({ short: {}, agentkeepalive: {} })).toBeNull()
})
