import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it } from 'node:test'
import { HttpAgent } from '@holdfast/http-agent'
import { type Measurement, measureWithPrometheus } from '@holdfast/http-agent/prometheus'
import { register as defaultRegister, Registry } from 'prom-client'
import { exchange } from './exchange.ts'
import { forTest, serveHttp } from './loopback.ts'

/** The lines of the exposition that begin so, without their values. */
const linesOf = async (register: Registry, start: string): Promise<string[]> => {
  const text = await register.metrics()
  return text.split('\n').filter((line) => line.startsWith(start))
}

it('exposes connections, how long they live and why they end, and how long requests wait', async (context) => {
  const register = new Registry()
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  await measureWithPrometheus(agent, { register, name: 'search' })
  const [{ socket }] = await Promise.all([exchange({ agent, port }), exchange({ agent, port })])
  const labels = `pool="search",server_address="127.0.0.1",server_port="${port}"`
  assert.deepEqual(await linesOf(register, 'http_client_open_connections{'), [
    `http_client_open_connections{${labels},state="active"} 0`,
    `http_client_open_connections{${labels},state="idle"} 1`,
  ])
  assert.deepEqual(await linesOf(register, 'http_client_request_time_in_queue_seconds_count'), [
    `http_client_request_time_in_queue_seconds_count{${labels}} 2`,
  ])
  agent.destroy()
  await once(socket, 'close')
  assert.deepEqual(await linesOf(register, 'http_client_connection_duration_seconds_count'), [
    `http_client_connection_duration_seconds_count{${labels},reason="destroyed"} 1`,
  ])
  // An origin that is gone is not shown any more.
  assert.deepEqual(await linesOf(register, 'http_client_open_connections{'), [])
})

it('measures several pools in one registry, and leaves it with the last of them', async (context) => {
  const register = new Registry()
  const { port } = await serveHttp(context)
  const measurements: Measurement[] = []
  for (const name of ['one', 'two']) {
    const agent = forTest(context, new HttpAgent())
    measurements.push(await measureWithPrometheus(agent, { register, name }))
    await exchange({ agent, port })
  }
  const pools = async (): Promise<string[]> => {
    const lines = await linesOf(register, 'http_client_open_connections{')
    return lines.filter((line) => line.includes('idle')).map((line) => line.slice(0, 40))
  }
  assert.equal((await pools()).length, 2)
  measurements[0]?.stop()
  assert.equal((await pools()).length, 1)
  measurements[1]?.stop()
  assert.deepEqual(register.getMetricsAsArray(), [])
  const agent = forTest(context, new HttpAgent())
  const { stop } = await measureWithPrometheus(agent, { register })
  assert.equal(register.getMetricsAsArray().length, 20)
  stop()
})

it('uses the default registry where none is given', async (context) => {
  const agent = forTest(context, new HttpAgent())
  const { stop } = await measureWithPrometheus(agent)
  assert.equal(defaultRegister.getMetricsAsArray().length, 20)
  stop()
  assert.equal(defaultRegister.getMetricsAsArray().length, 0)
})

it('exposes how close a pool is to its limits, and what it has done', async (context) => {
  const register = new Registry()
  const { port } = await serveHttp(context)
  const agent = forTest(context, new HttpAgent({ maxSockets: 1 }))
  await measureWithPrometheus(agent, { register, name: 'search' })
  const first = exchange({ agent, port })
  const second = exchange({ agent, port })
  // Two requests, one place: one is being dialled for, and the other waits for that.
  assert.deepEqual(await linesOf(register, 'http_client_connection_connecting{'), [
    'http_client_connection_connecting{pool="search"} 1',
  ])
  await Promise.all([first, second])
  const pool = '{pool="search"}'
  for (const [name, value] of [
    ['http_client_request_waiting', 0],
    ['http_client_connection_dials_total', 1],
    ['http_client_connection_dial_failures_total', 0],
    ['http_client_connection_leases_total', 2],
    ['http_client_connection_reuses_total', 1],
    ['http_client_request_moves_total', 0],
    ['http_client_request_failures_total', 0],
  ] as const) {
    // Asked twice, so that a total is no sum of what was read before.
    assert.deepEqual(await linesOf(register, `${name}{`), [`${name}${pool} ${value}`])
    assert.deepEqual(await linesOf(register, `${name}{`), [`${name}${pool} ${value}`])
  }
})

it('exposes limits, rejections by code, and the ports of the process once for all pools', async (context) => {
  const register = new Registry()
  const { port } = await serveHttp(context)
  const policy = { maxQueuedRequests: 0 }
  const agent = forTest(context, new HttpAgent({ maxSockets: 1, maxFreeSockets: 7, policy }))
  const other = forTest(context, new HttpAgent({ maxTotalSockets: 9 }))
  await measureWithPrometheus(agent, { register, name: 'search' })
  await measureWithPrometheus(other, { register, name: 'other' })
  const first = exchange({ agent, port })
  await assert.rejects(exchange({ agent, port }), { code: 'ERR_HOLDFAST_QUEUE_FULL' })
  await first
  const ofSearch = async (name: string): Promise<string[]> =>
    linesOf(register, `${name}{pool="search"`)
  assert.deepEqual(await ofSearch('http_client_connection_limit'), [
    'http_client_connection_limit{pool="search",scope="origin"} 1',
    'http_client_connection_limit{pool="search",scope="idle_origin"} 7',
  ])
  assert.deepEqual(await ofSearch('http_client_request_rejections_total'), [
    'http_client_request_rejections_total{pool="search",code="ERR_HOLDFAST_QUEUE_FULL"} 1',
    'http_client_request_rejections_total{pool="search",code="ERR_HOLDFAST_ACQUIRE_TIMEOUT"} 0',
    'http_client_request_rejections_total{pool="search",code="ERR_HOLDFAST_POOL_CLOSED"} 0',
    'http_client_request_rejections_total{pool="search",code="dial_failed"} 0',
  ])
  const { ports, open, timeWaits } = agent.stats().ports
  assert.deepEqual(await linesOf(register, 'http_client_port_'), [
    `http_client_port_range ${ports}`,
    `http_client_port_held{holder="open"} ${open}`,
    `http_client_port_held{holder="time_wait"} ${timeWaits}`,
    'http_client_port_nearly_exhausted 0',
  ])
})
