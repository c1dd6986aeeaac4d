import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { LINUX_EPHEMERAL_PORTS, LINUX_TIME_WAIT_MS } from '@holdfast/core/tcp'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makePlan } from '../../src/plan/make-plan.ts'
import { plannedPolicy } from '../../src/plan/planned-policy.ts'
import { renderPlanHtml } from '../../src/plan/render-plan-html.ts'
import { compareResults } from '../../src/report/compare-results.ts'
import { renderComparisonHtml } from '../../src/report/html/render-comparison-html.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { countsTable, timesTable } from '../../src/report/summary-tables.ts'
import { fullResult } from '../sample-result.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

const SCREENS = [
  { name: 'desk', width: 1280, height: 900 },
  { name: 'tablet', width: 820, height: 1100 },
  { name: 'phone', width: 360, height: 740 },
] as const

const SCHEMES = ['light', 'dark'] as const

const RESULT = fullResult({ short: 2.4, agentkeepalive: 1.05, holdfast: 0.8 })
const LATER = fullResult({ short: 2.4, agentkeepalive: 1.05, holdfast: 0.88 })
const PLAN = makePlan(
  {
    requestsPerSecond: 600,
    replicas: 1,
    destinations: 1,
    serviceMs: 20,
    roundTripMs: 1,
    tls: false,
    maxSockets: Number.POSITIVE_INFINITY,
    path: ['apache-2.4'],
    sharesAddress: false,
    ports: LINUX_EPHEMERAL_PORTS,
    timeWaitMs: LINUX_TIME_WAIT_MS,
    upstreamMaxConnections: Number.POSITIVE_INFINITY,
    replicaBytesPerConnection: 40_000,
    upstreamBytesPerConnection: 25_000,
  },
  ['short', 'default', 'safe'].map((text) => plannedPolicy(text, ['apache-2.4'])),
  {
    durationMs: 100_000,
    arrivals: { kind: 'exponential' },
    service: { kind: 'exponential' },
    replayableShare: 1,
    loopDelayMs: 1,
    maxRequests: 1e6,
    seed: 1,
  },
)
const PAGES: Readonly<Record<string, string>> = {
  single: renderHtml(RESULT),
  several: renderHtml({ ...RESULT, runs: [...RESULT.runs, ...LATER.runs] }),
  plan: renderPlanHtml(PLAN),
  comparison: renderComparisonHtml(compareResults(RESULT, LATER), RESULT, LATER),
}

let browser: Browser
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-report-'))
  for (const [name, text] of Object.entries(PAGES)) writeFileSync(fileOf(name), text)
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS })
})

afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

function fileOf(name: string): string {
  return path.join(folder, `${name}.html`)
}

interface Opened extends AsyncDisposable {
  readonly page: Page
  /** Messages on the page's console, and errors that it threw. */
  readonly complaints: readonly string[]
  readonly requests: readonly string[]
}

async function open(
  name: string,
  width = 1280,
  scheme: 'light' | 'dark' = 'light',
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(pathToFileURL(fileOf(name)).href)
  return { page, complaints, requests, [Symbol.asyncDispose]: () => page.close() }
}

const CHECKS = readFileSync(new URL('page-checks.js', import.meta.url), 'utf8')

/** Calls one of the functions of `page-checks.js` in the page. */
async function inPage<Result>(page: Page, call: string): Promise<Result> {
  return await page.evaluate<Result>(`(() => {${CHECKS}\nreturn pageChecks.${call}})()`)
}

describe.each(Object.keys(PAGES))('the page %s', (name) => {
  it.each(SCREENS)('fits a $name, and asks for nothing', async ({ name: screen, width }) => {
    for (const scheme of SCHEMES) {
      await using opened = await open(name, width, scheme)
      const { page, complaints, requests } = opened
      const shot = path.join(folder, `${name}-${screen}-${scheme}.png`)
      await page.screenshot({ path: shot, fullPage: true })

      expect(await inPage(page, 'layoutFaults()')).toEqual([])
      expect(complaints).toEqual([])
      expect(requests).toEqual([pathToFileURL(fileOf(name)).href])
      expect(statSync(shot).size).toBeGreaterThan(50_000)
    }
  })

  it('has headings in order, and names what is to be named', async () => {
    await using opened = await open(name)
    const levels = await inPage<number[]>(opened.page, 'headingLevels()')
    expect(levels[0]).toBe(1)
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    const jumps = levels.slice(1).filter((level, index) => level > (levels[index] ?? 0) + 1)
    expect(jumps).toEqual([])
    expect(await inPage(opened.page, 'unnamed()')).toEqual([])
  })
})

it('shows the numbers of the result', async () => {
  await using opened = await open('single')
  const { page } = opened
  const [run] = RESULT.runs
  if (run === undefined) throw new Error('the sample has a run')
  const cellsOf = (id: string): Promise<string[][]> => inPage(page, `cellsOf('${id}')`)
  expect(await cellsOf('run-1-times')).toEqual(timesTable(run).rows)
  expect(await cellsOf('run-1-counts')).toEqual(countsTable(run).rows)
  const ratios = await cellsOf('run-1-ratios-table')
  const cpu = run.summary.comparisons.find(
    ({ candidate, metric, reference }) =>
      candidate === 'holdfast' && metric === 'cpuPerRequest' && reference === 'node',
  )
  expect(
    ratios.find(([name, metric]) => name === 'holdfast' && metric === 'CPU per request'),
  ).toEqual([
    'holdfast',
    'CPU per request',
    cpu?.ratio.toFixed(3),
    cpu?.low.toFixed(3),
    cpu?.high.toFixed(3),
    '96.1 %',
    '9',
    'faster',
  ])
  const states = await cellsOf('run-1-states-table')
  expect(states).toHaveLength(4 * 2 * 21)
})

it('is light or dark as the system is, until the switch says otherwise', async () => {
  const groundOf = (page: Page): Promise<string> => inPage(page, 'ground()')
  const light = 'rgb(251, 250, 248)'
  const dark = 'rgb(20, 23, 26)'
  for (const [scheme, own, other] of [
    ['light', light, dark],
    ['dark', dark, light],
  ] as const) {
    await using opened = await open('single', 1280, scheme)
    const { page } = opened
    expect(await groundOf(page)).toBe(own)
    const toggle = page.getByRole('button', { name: /^Switch to \w+ colours$/u })
    await toggle.click()
    expect(await groundOf(page)).toBe(other)
    expect(await toggle.textContent()).toBe(scheme === 'light' ? 'Light' : 'Dark')
    await toggle.click()
    expect(await groundOf(page)).toBe(own)
  }
})

it('reads a chart off by keys, as its table has it', async () => {
  await using opened = await open('single')
  const { page } = opened
  const readout = page.locator('#run-1-latency-readout')
  const hint = await readout.textContent()
  // From the top of the page by Tab alone.
  const reached: string[] = []
  for (let step = 0; step < 30 && !reached.includes('run-1-latency-table'); step++) {
    await page.keyboard.press('Tab')
    reached.push(await inPage(page, 'focused()'))
  }
  expect(reached).toContain('BUTTON')
  expect(reached).toContain('SUMMARY')
  expect(reached.at(-1)).toBe('run-1-latency-table')
  await page.keyboard.press('End')
  const rows = await inPage<string[][]>(page, "cellsOf('run-1-latency-table')")
  const last = rows.at(-1) ?? []
  expect(await readout.textContent()).toBe(
    `${last[0]} · node ${last[1]} · short ${last[2]} · agentkeepalive ${last[3]} · holdfast ${last[4]}`,
  )
  await page.keyboard.press('Home')
  expect(await readout.textContent()).toMatch(/^p10 · node /u)
  await page.keyboard.press('ArrowRight')
  expect(await readout.textContent()).toMatch(/^p20 · node /u)
  await page.keyboard.press('Escape')
  expect(await readout.textContent()).toBe(hint)
})

it('reads a chart off by pointing at it', async () => {
  await using opened = await open('single')
  const { page } = opened
  const chart = page.locator('#run-1-states svg.wide')
  await chart.scrollIntoViewIfNeeded()
  const box = await chart.boundingBox()
  if (box === null) throw new Error('the chart is not there')
  // The second column is `short`, its lower panel the upstream's side, its right end the last look.
  await page.mouse.move(box.x + box.width * 0.495, box.y + box.height * 0.8)
  expect(await page.locator('#run-1-states-readout').textContent()).toMatch(
    /^short · upstream · (?:1\.00|0\.95) s · LISTEN 1 · ESTABLISHED 28 · FIN_WAIT_2 3 · TIME_WAIT 1\d,\d{3}$/u,
  )
})

it('opens its tables by key', async () => {
  await using opened = await open('single')
  const { page } = opened
  const summary = page.locator('#run-1-uses summary')
  expect(await page.locator('#run-1-uses-table').isVisible()).toBe(false)
  await summary.focus()
  await page.keyboard.press('Enter')
  expect(await page.locator('#run-1-uses-table').isVisible()).toBe(true)
})
