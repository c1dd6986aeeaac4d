import { PassThrough } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { BenchResult } from '../src/bench/bench-result.ts'
import { Progress } from '../src/bench/progress.ts'
import { TerminalStream } from '../src/cli/terminal.ts'
import { policyCode } from '../src/forms/policy-code.ts'
import { writeForms } from '../src/forms/result-forms.ts'
import { makePlan } from '../src/plan/make-plan.ts'
import { planForms } from '../src/plan/plan-forms.ts'
import { advise } from '../src/probe/findings/advise.ts'
import { findAll } from '../src/probe/findings/find-all.ts'
import { matchProfiles } from '../src/probe/findings/match-profiles.ts'
import { renderDifferences } from '../src/probe/render-differences.ts'
import { renderProbe } from '../src/probe/render-probe.ts'
import { readTarget } from '../src/probe/target.ts'
import { benchForms } from '../src/report/bench-forms.ts'
import { compareResults } from '../src/report/compare-results.ts'
import { renderComparisonHtml } from '../src/report/html/render-comparison-html.ts'
import { renderComparison } from '../src/report/render-comparison.ts'
import { checkedPools } from '../src/watch/published-pools.ts'
import { Watch } from '../src/watch/watch-frame.ts'
import { jsonView, lineView, onceView, screenView } from '../src/watch/watch-view.ts'
import { ANSWER, counted, observationsOf, openIdle } from './probe-records.ts'
import { SAMPLE_SIMULATION, samplePlanInput, samplePolicy } from './sample-plan.ts'
import { fullResult } from './sample-result.ts'
import { rowOf, snapshotOf } from './tcp-rows.ts'

/** Hostile texts for places where this program expects a name, a header or a file's text. */
const HOSTILE: Readonly<Record<string, string>> = {
  'the title of the terminal': 'x\u001B]0;OWNED\u0007',
  'a cleared screen': 'x\u001B[2J\u001B[H',
  'colours and a new prompt': 'x\u001B[31mroot# ',
  'C1 controls': 'x\u009B31m\u009D0;OWNED\u009C',
  'a line of its own': 'x\nwarning: all is well\r\n',
  'backspaces and DEL': 'x\b\b\u007F',
  'a text written backwards': 'x\u202Etxt.exe\u2066abc\u2069',
  'invisible characters': 'x\u200B\uFEFF\u{E0041}',
  'separators of lines': 'x\u2028y\u2029z\u0085',
  'half of a character': 'x\uD83D',
  markup: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  'the end of an attribute': '"><svg onload=alert(1)>',
}

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Sequences that this program itself sends to a terminal. */
const OWN = [
  '\u001B[?1049h\u001B[?25l',
  '\u001B[?25h\u001B[?1049l',
  '\u001B[H',
  '\u001B[K',
  '\u001B[J',
]

/** Terminal that a person watches; it keeps everything that is written to it. */
class WatchedTerminal {
  readonly stream: TerminalStream
  readonly #written = new PassThrough({ encoding: 'utf8', highWaterMark: 1e8 })

  constructor() {
    const properties = { isTTY: true, columns: 80, rows: 100, hasColors: () => true }
    const stream = Object.assign(this.#written, properties) as unknown as WriteStream
    this.stream = new TerminalStream(stream)
  }

  /** Characters that reach it and are more than text. */
  get unsafe(): string[] {
    const written = String(this.#written.read())
    const text = OWN.reduce((rest, sequence) => rest.replaceAll(sequence, ''), written)
    const plain = stripColours(text).replaceAll('\r\n', '\n').replaceAll('\r', '')
    return plain.match(UNSAFE)?.filter((character) => character !== '\n') ?? []
  }
}

const ESCAPE = String.fromCharCode(0x1b)
const COLOURED = new RegExp(
  `${ESCAPE}\\[(?:1|2|31|32|33)m([^${ESCAPE}]*)${ESCAPE}\\[(?:22|39)m`,
  'gu',
)

/** Removes colours that begin and end as they should; anything else stays. */
const stripColours = (text: string): string => text.replaceAll(COLOURED, '$1')

/** Result in which every text that a person chose is the same. */
function resultOf(text: string): BenchResult {
  const result = fullResult()
  const renamed = JSON.parse(
    JSON.stringify(result).replaceAll('"short"', JSON.stringify(`short ${text}`)),
  ) as BenchResult
  const runs = renamed.runs.map((run) => ({
    ...run,
    upstream: { ...run.upstream, software: text, configuration: text },
    blocks: run.blocks.map((block) => ({
      ...block,
      slices: block.slices.map((slice) => ({ ...slice, problems: [text], warnings: [text] })),
    })),
    summary: {
      ...run.summary,
      participants: run.summary.participants.map((each) => ({ ...each, errors: { [text]: 1 } })),
    },
  }))
  return {
    ...renamed,
    runs,
    warnings: [text],
    versions: { [text]: text },
    machine: { ...renamed.machine, cpuModel: text, kernel: text },
  }
}

const NO_FORM = { json: false, markdown: false, html: undefined }

function showResult(text: string, out: TerminalStream): void {
  const result = resultOf(text)
  writeForms(benchForms(result), NO_FORM, out)
  writeForms(benchForms(result), { ...NO_FORM, markdown: true }, out)
  writeForms(benchForms(result), { ...NO_FORM, json: true }, out)
  out.writeLines(renderComparison(compareResults(result, resultOf(`${text}2`)), 80))
}

function showPlan(text: string, out: TerminalStream): void {
  const input = { ...samplePlanInput(), path: [{ name: text, idleTimeoutMs: 5000 }] }
  const forms = planForms(
    makePlan(input, [{ ...samplePolicy(), name: text, reasons: [text] }], SAMPLE_SIMULATION),
  )
  writeForms(forms, NO_FORM, out)
  writeForms(forms, { ...NO_FORM, markdown: true }, out)
  writeForms(forms, { ...NO_FORM, json: true }, out)
}

const OPTIONS = { method: 'GET', header: [], insecure: false, timeout: 1000 }

function showProbe(text: string, out: TerminalStream): void {
  const answer = { ...ANSWER, server: text, location: text, keepAlive: `timeout=5, x=${text}` }
  const observations = observationsOf({
    idle: [openIdle(80_000, answer)],
    counted: [counted(5, { answer: { ...answer, status: 302 } })],
    refusals: [text],
    address: text,
  })
  const findings = findAll(observations)
  const target = readTarget('http://127.0.0.1/', OPTIONS)
  const advice = advise(findings, text, text)
  const result = {
    schema: 'holdfast.probe/1',
    version: '1',
    startedAt: '',
    url: target.url,
    addresses: [text],
    method: 'GET',
    plan: { maxWaitMs: 1, maxRequests: 1, requestsPerSecond: 1 },
    findings,
    matches: matchProfiles(findings),
    policy: advice.policy,
    reasons: advice.reasons,
    warnings: [...advice.warnings, text],
    code: policyCode(advice.policy, { isSecure: false, reasons: advice.reasons }),
    observations,
  } as const
  out.writeLines(renderProbe(result, 80))
  out.writeLines(
    renderDifferences([result, { ...result, findings: { ...findings, status: 1 } }], 80),
  )
  out.write(`${JSON.stringify(result)}\n`)
}

const STATS = { connecting: 0, idle: 3, leased: 0, closing: 0, waiting: 0, leases: 9, reuses: 9 }

/** Report of a pool, as anybody may send it. */
function reportOf(text: string): unknown {
  const row = { id: 1, requestCount: 1, localPort: 40_000, remotePort: 443 }
  const connection = { ...row, state: text, tcpState: text, tcpStateAlternatives: [text] }
  return { name: text, stats: STATS, connections: [connection] }
}

function showFrame(text: string, out: TerminalStream): void {
  const snapshot = snapshotOf([rowOf({})])
  const frame = new Watch({ pid: 1, port: null }).frame(
    { ...snapshot, inodes: new Set([1, 2, 3]) },
    checkedPools([reportOf(text)]),
    snapshot,
  )
  expect(frame.joined?.pools).toHaveLength(1)
  for (const view of [
    jsonView(out, { pid: 1, port: null }),
    onceView(out, text),
    lineView(out),
    screenView(out, text),
  ]) {
    view.show(frame)
    view.end()
  }
}

function showProgress(text: string, out: TerminalStream): void {
  const progress = new Progress(out, { blocks: 1, slicesPerBlock: 1 })
  progress.sliceStarts(0, 0, text)
  progress.says(text, text)
  progress.timelineStarts(text)
  out.clearLive()
}

const SHOWN = Object.entries({
  'a result of bench': showResult,
  'a plan': showPlan,
  'what a server says to a probe': showProbe,
  'what a process publishes, and its name': showFrame,
  'what a module under test prints': showProgress,
})

describe.each(Object.entries(HOSTILE))('%s', (_, text) => {
  it.each(SHOWN)('does nothing to a terminal that shows %s', (__, show) => {
    const terminal = new WatchedTerminal()
    show(text, terminal.stream)

    expect(terminal.unsafe).toEqual([])
  })

  it('is no markup on a page', () => {
    const result = resultOf(text)
    const plan = makePlan(
      samplePlanInput(),
      [{ ...samplePolicy(), name: text, reasons: [text] }],
      SAMPLE_SIMULATION,
    )
    const pages = [
      benchForms(result).html(),
      renderComparisonHtml(compareResults(result, resultOf(`${text}2`)), result, result),
      planForms(plan).html(),
    ]
    for (const page of pages) {
      const body = page.slice(page.indexOf('<body>'))
      expect(body.match(/<script/gu)).toHaveLength(1)
      expect(body).not.toMatch(/<img|<svg onload/u)
      expect(body.match(UNSAFE)?.filter((character) => character !== '\n') ?? []).toEqual([])
    }
  })
})

it('keeps JSON what it is', () => {
  for (const text of Object.values(HOSTILE)) {
    const written = new PassThrough({ encoding: 'utf8' })
    new TerminalStream(written as unknown as WriteStream).write(`${JSON.stringify({ text })}\n`)
    expect(JSON.parse(String(written.read()))).toEqual({ text })
  }
})

it('cannot hide in a comment of the code to paste', () => {
  const findings = findAll(
    observationsOf({
      idle: [openIdle(9000, { ...ANSWER, keepAlive: 'timeout=5\u2028;process.exit()' })],
    }),
  )
  const { policy, reasons } = advise(findings, 'a\nb', 'c\nd')
  const code = policyCode(policy, { isSecure: false, reasons })

  expect(code.replaceAll('\n', '').match(UNSAFE)).toBeNull()
})

it.each([
  ['null', null],
  ['a text', 'pools'],
  ['a pool without figures', { name: 'x', stats: {}, connections: [] }],
  ['a figure that is none', { name: 'x', stats: { ...STATS, idle: '3' }, connections: [] }],
  ['a connection that is none', { name: 'x', stats: STATS, connections: [null] }],
  [
    'a port that is none',
    {
      ...(reportOf('x') as object),
      connections: [
        { id: 1, state: 'idle', requestCount: 1, tcpStateAlternatives: [], localPort: 1e9 },
      ],
    },
  ],
  ['a name without end', { name: 'x'.repeat(1e6), stats: STATS, connections: [] }],
])('takes %s for no pool', (_, report) => {
  expect(checkedPools([report])).toEqual({ pools: [], unreadable: 1 })
})

it('says that a process publishes what is no report', () => {
  const frame = new Watch({ pid: 1, port: null }).frame(snapshotOf([]), checkedPools([null]))

  expect(frame.warnings).toEqual([
    'what the process publishes is no report of pools: it is not shown',
  ])
  expect(stripVTControlCharacters(frame.warnings.join(''))).toBe(frame.warnings.join(''))
})
