import process from 'node:process'
import { it } from 'vitest'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import type { WatchResult } from '../../src/watch/watch-result.ts'
import { MAIN, runHoldfast } from '../run-holdfast.ts'
import { mistakesIn } from '../schema-mistakes.ts'
import { Holder } from './holder.ts'

/** Four pairs that stay and one to another port, three whose client has ended and whose server has not, two that are over. */
const HOLD = (host: string): string => `
(async () => {
  const accepted = []
  await listen('${host}', 8080, (socket) => accepted.push(socket.resume()))
  await listen('${host}', 8081, (socket) => socket.resume().on('end', () => socket.end()))
  const stay = await Promise.all([1, 2, 3, 4].map(() => dial('${host}', 8080)))
  stay.push(await dial('${host}', 8081))
  const leak = await Promise.all([1, 2, 3].map(() => dial('${host}', 8080)))
  const over = await Promise.all([1, 2].map(() => dial('${host}', 8081)))
  for (const socket of [...leak, ...over]) socket.end()
  await Promise.all(over.map((socket) => once(socket, 'close')))
  while (accepted.filter((socket) => socket.readableEnded).length < 3) await new Promise(setImmediate)
  ready()
  setInterval(() => stay, 1e6)
})()
`

async function look(network: NetworkNamespace, ...args: readonly string[]): Promise<WatchResult> {
  const { code, out, err } = await runHoldfast(['watch', '--once', '--json', ...args], network)
  if (code !== 0) throw new Error(err)
  const result = JSON.parse(out) as WatchResult
  const mistakes = mistakesIn('watch-result', result)
  if (mistakes.length > 0) throw new Error(JSON.stringify(mistakes))
  return result
}

const present = ({ states }: WatchResult): object =>
  Object.fromEntries(Object.entries(states).filter(([, count]) => count > 0))

it.for(['127.0.0.1', '::1'])('counts each state of a table, on %s', async (host, { expect }) => {
  await using network = await NetworkNamespace.create()
  await using _holder = await Holder.start(network, HOLD(host))

  expect(present(await look(network))).toEqual({
    LISTEN: 2,
    ESTABLISHED: 10,
    FIN_WAIT_2: 3,
    CLOSE_WAIT: 3,
    TIME_WAIT: 2,
  })
  expect(present(await look(network, '--port', '8081'))).toEqual({
    LISTEN: 1,
    ESTABLISHED: 2,
    TIME_WAIT: 2,
  })
})

it("looks into another process's network, and attributes what has no owner by its ports", async ({
  expect,
}) => {
  await using network = await NetworkNamespace.create({ ip_local_port_range: '40000 40099' })
  await using elsewhere = await NetworkNamespace.create()
  await using holder = await Holder.start(network, HOLD('127.0.0.1'))
  const result = await look(elsewhere, '--pid', `${holder.pid}`)

  expect(present(result)).toEqual({
    LISTEN: 2,
    ESTABLISHED: 10,
    FIN_WAIT_2: 3,
    CLOSE_WAIT: 3,
    TIME_WAIT: 2,
  })
  expect(result.attributed).toBe(2)
  expect(result.destinations).toEqual([
    { from: '127.0.0.1', to: '127.0.0.1:8080', ports: 7, timeWaits: 0, share: 0.07 },
    { from: '127.0.0.1', to: '127.0.0.1:8081', ports: 3, timeWaits: 2, share: 0.03 },
  ])
  expect(present(await look(elsewhere, '--all'))).toEqual({})
})

it('sees the states that wait for segments that never come', async ({ expect }) => {
  await using network = await NetworkNamespace.create()
  const rules = `
    table inet silence {
      chain out { type filter hook output priority 0;
        tcp dport 8090 tcp flags & (syn | ack) == syn drop
        tcp dport 8091 tcp flags & (syn | ack) == ack drop
      }
    }`
  await network.run('nft', [rules])
  await using _holder = await Holder.start(
    network,
    `
    (async () => {
      const { execFileSync } = require('node:child_process')
      const accepted = { 8092: [], 8093: [] }
      await listen('127.0.0.1', 8092, (socket) => accepted[8092].push(socket.resume()))
      await listen('127.0.0.1', 8093, (socket) => accepted[8093].push(socket.resume()))
      await listen('127.0.0.1', 8091, () => {})
      await dial('127.0.0.1', 8091)
      net.connect(8090, '127.0.0.1').on('error', () => {})
      const [one, both] = [await dial('127.0.0.1', 8092), await dial('127.0.0.1', 8093)]
      while (accepted[8092].length + accepted[8093].length < 2) await new Promise(setImmediate)
      // The peer's FIN is read, and then nothing arrives any more: the own one stays unanswered.
      one.end()
      await once(accepted[8092][0], 'end')
      // Its acknowledgement may be a delayed one, which must not be lost.
      const { readFileSync } = require('node:fs')
      while (!/ 05 /.test(readFileSync('/proc/net/tcp', 'utf8'))) await new Promise(setImmediate)
      execFileSync('nft', ['add', 'rule', 'inet', 'silence', 'out', 'tcp', 'sport', '8092', 'drop'])
      accepted[8092][0].end()
      execFileSync('nft', ['add', 'rule', 'inet', 'silence', 'out', 'tcp', 'dport', '8093', 'drop'])
      // The client's FIN gets lost, and the server's does not.
      both.end()
      accepted[8093][0].end()
      setTimeout(ready, 100)
      setInterval(() => {}, 1e6)
    })()
    `,
  )
  expect(present(await look(network))).toEqual({
    LISTEN: 3,
    SYN_SENT: 1,
    SYN_RECEIVED: 1,
    // The other end of SYN_RECEIVED has all that it needs.
    ESTABLISHED: 1,
    FIN_WAIT_1: 1,
    FIN_WAIT_2: 1,
    CLOSING: 1,
    LAST_ACK: 1,
  })
})

it('ends when the process ends, and says so', async ({ expect }) => {
  await using network = await NetworkNamespace.create()
  const holder = await Holder.start(network, HOLD('127.0.0.1'))
  const watching = runHoldfast(['watch', '--pid', `${holder.pid}`, '--interval', '100ms'], network)
  await new Promise((resolve) => setTimeout(resolve, 500))
  await holder[Symbol.asyncDispose]()
  const { code, out, err } = await watching

  expect(code).toBe(0)
  expect(out).toMatch(
    /LISTEN 2, ESTABLISHED 10, FIN_WAIT_2 3, CLOSE_WAIT 3, TIME_WAIT 2, total 20/u,
  )
  expect(err).toMatch(/^process \d+ has ended\n$/u)
})

it('draws in place on a terminal, gives it back, and leaves the last look', async ({ expect }) => {
  await using network = await NetworkNamespace.create()
  const command = `"${process.execPath}" "${MAIN}" watch --interval 100ms`
  // It is interrupted as by Ctrl-C, after some looks.
  const out = await network.run('script', [
    '-qec',
    `timeout -s INT 2 ${command}; echo "code $?"`,
    '/dev/null',
  ])
  const [before = '', rest = ''] = out.split('\u001B[?1049h')
  const [screens = '', after = ''] = rest.split('\u001B[?1049l')

  expect(before).toBe('')
  expect(screens.split('\u001B[H').length).toBeGreaterThan(3)
  expect(screens).toContain('\u001B[?25l')
  expect(screens).toContain('\u001B[?25h')
  expect(after).toMatch(/^.*TCP connections of this network namespace.*\r\n/u)
  expect(after).toMatch(/\r\ntotal +0\r\n/u)
  // What `timeout` says where it had to interrupt.
  expect(after).toMatch(/code 124\r\n$/u)
})

it('reads keys from a terminal, and gives it back as it was', async ({ expect }) => {
  await using network = await NetworkNamespace.create()
  const command = `"${process.execPath}" "${MAIN}" watch --interval 100ms`
  // What is pressed early waits; `stty` tells what becomes of the terminal.
  const out = await network.run('script', [
    '-qec',
    `stty -g; printf zpq | script -qec '${command}; echo "code $?"' /dev/null; stty -g`,
    '/dev/null',
  ])
  const lines = out.split('\r\n')

  expect(out).toContain('code 0')
  expect(lines.at(-2)).toBe(lines[0])
})
