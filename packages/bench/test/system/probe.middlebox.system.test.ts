import { it } from 'vitest'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import { startNginx } from '../../../../tests/servers/start-nginx.ts'
import type { ProbeResult } from '../../src/probe/probe-result.ts'
import { runHoldfast } from '../run-holdfast.ts'

const PORT = 8080
const FORGETS_AFTER_SECONDS = 2

/** A flow is known from its SYN on, for as long as it is not silent; what is not known is dropped. */
const MIDDLEBOX = `
  table inet middlebox {
    set flows { type inet_service; flags dynamic, timeout; timeout ${FORGETS_AFTER_SECONDS}s; }
    chain out {
      type filter hook output priority 0;
      tcp dport ${PORT} tcp flags & (syn | ack) == syn add @flows { tcp sport } accept
      tcp dport ${PORT} tcp sport @flows update @flows { tcp sport } accept
      tcp dport ${PORT} drop
    }
  }`

it('finds out that something on the way forgets idle connections silently', async ({ expect }) => {
  await using network = await NetworkNamespace.create()
  await using _server = await startNginx(network, { port: PORT })
  await network.run('nft', [MIDDLEBOX])
  const modest = ['--max-wait', '6s', '--timeout', '2s', '--max-requests', '3', '--rate', '50']
  const { code, out } = await runHoldfast(
    ['probe', `http://127.0.0.1:${PORT}/`, ...modest, '--json'],
    network,
  )
  const { findings, policy, matches } = JSON.parse(out) as ProbeResult

  expect(code).toBe(0)
  expect(findings.idle).toMatchObject({ kind: 'forgotten' })
  expect(findings.closes).toEqual({ first: null, how: 'silent', lateRequest: null })
  expect(policy.idleTimeoutMs).toBeLessThan(FORGETS_AFTER_SECONDS * 1000)
  // TCP probes keep such a connection known; the first must come before it is forgotten.
  expect(policy.tcpKeepAlive).toMatchObject({ delayMs: 1000 })
  expect(matches[0]).toMatchObject({
    name: 'nginx',
    isNamed: true,
    differs: ['idleTimeoutMs', 'closes'],
  })
})
