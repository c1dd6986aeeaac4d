import { expect, it } from 'vitest'
import { countedBetween, parseTcpCounters } from './tcp-counters.ts'

const SNMP = `Ip: Forwarding DefaultTTL
Ip: 2 64
Tcp: RtoAlgorithm RtoMin MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts
Tcp: 1 200 -1 18688 17 3 5 9 100 200 7 0 11
Udp: InDatagrams
Udp: 5
`

const COUNTERS = {
  activeOpens: 18_688,
  passiveOpens: 17,
  attemptFails: 3,
  establishedResets: 5,
  resetsSent: 11,
  segmentsRetransmitted: 7,
}

it('finds the numbers by their names', () => {
  expect(parseTcpCounters(SNMP)).toEqual(COUNTERS)
})

it('is null where the kernel does not say', () => {
  expect(parseTcpCounters('')).toBeNull()
  expect(parseTcpCounters(SNMP.replace('OutRsts', 'Other'))).toBeNull()
})

it('tells what happened in between', () => {
  const later = { ...COUNTERS, activeOpens: 18_700, resetsSent: 12 }
  expect(countedBetween(COUNTERS, later)).toEqual({
    activeOpens: 12,
    passiveOpens: 0,
    attemptFails: 0,
    establishedResets: 0,
    resetsSent: 1,
    segmentsRetransmitted: 0,
  })
  expect(countedBetween(null, later)).toBeNull()
  expect(countedBetween(later, null)).toBeNull()
})
