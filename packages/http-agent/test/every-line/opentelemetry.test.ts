import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it, type TestContext } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { type Measurement, measureWithOpenTelemetry } from '@holdfast/http-agent/opentelemetry'
import { type Attributes, metrics } from '@opentelemetry/api'
import {
  type DataPoint,
  type Histogram,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics'
import { exchange, start } from './exchange.ts'
import { forTest, serveHttp, serveOnDemand } from './loopback.ts'
import { reuse } from './reused.ts'

class TestReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {
    await Promise.resolve()
  }

  protected override async onShutdown(): Promise<void> {
    await Promise.resolve()
  }
}

interface Telemetry {
  readonly provider: MeterProvider
  /** What has been recorded under a name. */
  readonly read: <Value = number>(name: string) => Promise<DataPoint<Value>[]>
  readonly unitOf: (name: string) => Promise<string | undefined>
}

const startTelemetry = (context: TestContext): Telemetry => {
  const reader = new TestReader()
  const provider = new MeterProvider({ readers: [reader] })
  context.after(() => provider.shutdown())
  const find = async (name: string) => {
    const { resourceMetrics, errors } = await reader.collect()
    assert.deepEqual(errors, [])
    return resourceMetrics.scopeMetrics
      .flatMap((scope) => scope.metrics)
      .find(({ descriptor }) => descriptor.name === name)
  }
  return {
    provider,
    read: async (name) => ((await find(name))?.dataPoints ?? []) as never,
    unitOf: async (name) => (await find(name))?.descriptor.unit,
  }
}

const byState = (points: DataPoint<number>[]): Record<string, number> =>
  Object.fromEntries(
    points.map(({ attributes, value }) => [attributes['http.connection.state'], value]),
  )

it('records open connections in use and idle, by server', async (context) => {
  const { provider, read, unitOf } = startTelemetry(context)
  const { port, next } = await serveOnDemand(context)
  const agent = forTest(context, new HttpAgent())
  await measureWithOpenTelemetry(agent, { meter: provider.getMeter('test') })
  const first = start({ agent, port })
  const second = start({ agent, port })
  const arrivals = [await next(), await next()]
  arrivals[0]?.response.end()
  await Promise.race([first.done, second.done])
  const points = await read('http.client.open_connections')
  assert.deepEqual(byState(points), { active: 1, idle: 1 })
  for (const { attributes } of points) {
    assert.equal(attributes['server.address'], '127.0.0.1')
    assert.equal(attributes['server.port'], port)
  }
  assert.equal(await unitOf('http.client.open_connections'), '{connection}')
  arrivals[1]?.response.end()
  await Promise.all([first.done, second.done])
})

it('records how long connections live, and why they end', async (context) => {
  const { provider, read, unitOf } = startTelemetry(context)
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  const other = forTest(context, new HttpAgent())
  await measureWithOpenTelemetry(agent, { meter: provider.getMeter('test') })
  for (const used of [agent, other]) {
    const { socket } = await exchange({ agent: used, port })
    used.destroy()
    await once(socket, 'close')
  }
  const [point, ...others] = await read<Histogram>('http.client.connection.duration')
  assert.deepEqual(others, [])
  assert.deepEqual(point?.attributes, {
    'server.address': '127.0.0.1',
    'server.port': port,
    'holdfast.close.reason': 'destroyed',
  })
  assert.equal(point.value.count, 1)
  assert.ok(point.value.sum !== undefined && point.value.sum >= 0 && point.value.sum < 60)
  assert.equal(point.value.buckets.boundaries.at(-1), 300)
  assert.equal(await unitOf('http.client.connection.duration'), 's')
})

it('records how long requests wait', async (context) => {
  const { provider, read } = startTelemetry(context)
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  const attributes: Attributes = { 'service.upstream': 'search' }
  await measureWithOpenTelemetry(agent, { meter: provider.getMeter('test'), attributes })
  await Promise.all([exchange({ agent, port }), exchange({ agent, port })])
  const [point] = await read<Histogram>('http.client.request.time_in_queue')
  assert.equal(point?.value.count, 2)
  assert.deepEqual(point.attributes, {
    'server.address': '127.0.0.1',
    'server.port': port,
    ...attributes,
  })
})

it('records what is sent again', async (context) => {
  const { provider, read, unitOf } = startTelemetry(context)
  const { agent, port } = await reuse(context)
  await measureWithOpenTelemetry(agent, { meter: provider.getMeter('test') })
  await exchange({ agent, port })
  const [point] = await read('http.client.request.replays')
  assert.equal(point?.value, 1)
  assert.deepEqual(point.attributes, { 'server.address': '127.0.0.1', 'server.port': port })
  assert.equal(await unitOf('http.client.request.replays'), '{request}')
})

it('records limits, and rejections by code', async (context) => {
  const { provider, read } = startTelemetry(context)
  const { port } = await serveHttp(context)
  const policy = { maxQueuedRequests: 0 }
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, policy }))
  const attributes: Attributes = { 'service.upstream': 'search' }
  await measureWithOpenTelemetry(agent, { meter: provider.getMeter('test'), attributes })
  const first = exchange({ agent, port })
  await assert.rejects(exchange({ agent, port }), { code: 'ERR_HOLDFAST_QUEUE_FULL' })
  await first
  const rejections = await read('http.client.request.rejections')
  const byCode = rejections.map(({ attributes: own, value }) => [own['error.type'], value])
  assert.deepEqual(byCode, [
    ['ERR_HOLDFAST_QUEUE_FULL', 1],
    ['ERR_HOLDFAST_ACQUIRE_TIMEOUT', 0],
    ['ERR_HOLDFAST_POOL_CLOSED', 0],
    ['dial_failed', 0],
  ])
  const [limit] = await read('http.client.connection.limit')
  assert.deepEqual(limit?.attributes, { ...attributes, 'holdfast.limit.scope': 'origin' })
  assert.equal(limit.value, 1)
  const [ports] = await read('http.client.port.range')
  assert.deepEqual(ports?.attributes, {})
  assert.equal(ports.value, agent.stats().ports.ports)
})

it('adds up what pools have in common, until they are measured no more', async (context) => {
  const { provider, read } = startTelemetry(context)
  const meter = provider.getMeter('test')
  const { port } = await serveHttp(context)
  const agents = [new HttpAgent(), new HttpAgent()].map((agent) => forTest(context, agent))
  const measurements: Measurement[] = []
  for (const agent of agents) {
    measurements.push(await measureWithOpenTelemetry(agent, { meter }))
    await exchange({ agent, port })
  }
  const read2 = async (): Promise<Record<string, number>> =>
    byState(await read('http.client.open_connections'))
  assert.deepEqual(await read2(), { active: 0, idle: 2 })
  measurements[0]?.stop()
  measurements[0]?.stop()
  assert.deepEqual(await read2(), { active: 0, idle: 1 })
})

it('records on the global meter where none is given', async (context) => {
  const { provider, read } = startTelemetry(context)
  metrics.setGlobalMeterProvider(provider)
  context.after(() => metrics.disable())
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent())
  await measureWithOpenTelemetry(agent)
  await exchange({ agent, port })
  assert.deepEqual(byState(await read('http.client.open_connections')), { active: 0, idle: 1 })
})

it('refuses to measure what is no pool', async (context) => {
  const { provider } = startTelemetry(context)
  const meter = provider.getMeter('test')
  for (const pool of [undefined, null, {}, 'agent']) {
    await assert.rejects(measureWithOpenTelemetry(pool as never, { meter }), {
      code: 'ERR_HOLDFAST_INVALID_ARGUMENT',
    })
  }
})
