import { readFile } from 'node:fs/promises'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { HttpAgent } from '../src/index.ts'
import { measureWithPrometheus } from '../src/prometheus/index.ts'

const FOLDER = new URL('../../../docs/monitoring/', import.meta.url)
const METRIC = /\bhttp_client_\w+/gu
const PART = /_(?:bucket|count|sum)$/u

/** The metrics that a text speaks of, parts of histograms by the histogram's name. */
const metricsIn = (text: string): string[] => [
  ...new Set(text.match(METRIC)?.map((name) => name.replace(PART, ''))),
]

it.each(['grafana-dashboard.json', 'prometheus-alerts.yml'])(
  '%s speaks of metrics that there are',
  async (name) => {
    const register = new Registry()
    await using agent = new HttpAgent()
    const { stop } = await measureWithPrometheus(agent, { register })
    const exposed = register.getMetricsAsArray().map((metric) => metric.name)
    stop()
    const spoken = metricsIn(await readFile(new URL(name, FOLDER), 'utf8'))

    expect(spoken.length).toBeGreaterThan(5)
    expect(spoken.filter((metric) => !exposed.includes(metric))).toEqual([])
  },
)

it('the dashboard shows every metric', async () => {
  const register = new Registry()
  await using agent = new HttpAgent()
  const { stop } = await measureWithPrometheus(agent, { register })
  const exposed = register.getMetricsAsArray().map((metric) => metric.name)
  stop()
  const text = await readFile(new URL('grafana-dashboard.json', FOLDER), 'utf8')

  expect(new Set(metricsIn(text))).toEqual(new Set(exposed))
  expect(JSON.parse(text)).toMatchObject({ title: 'Holdfast', uid: 'holdfast' })
})
