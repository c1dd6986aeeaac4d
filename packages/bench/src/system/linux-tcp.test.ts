import { describe, expect, it } from 'vitest'
import { parseActiveOpens, parseTimeWaits } from './linux-tcp.ts'

const SNMP = `Ip: Forwarding DefaultTTL
Ip: 2 64
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails
Tcp: 1 200 120000 -1 18688 17 3
Udp: InDatagrams
Udp: 5
`

describe('parseActiveOpens', () => {
  it('finds the number by its name', () => {
    expect(parseActiveOpens(SNMP)).toBe(18_688)
  })

  it('is null where the kernel does not say', () => {
    expect(parseActiveOpens('')).toBeNull()
    expect(parseActiveOpens(SNMP.replace('ActiveOpens', 'Other'))).toBeNull()
  })
})

/** A row as the kernel prints it: 8080 is 1F90, and 60 s are 1770 hundredths. */
function row(local: string, remote: string, state: string, remainingHundredths: number): string {
  const timer = `03:${remainingHundredths.toString(16).toUpperCase().padStart(8, '0')}`
  return `  95: 0100007F:${local} 0100007F:${remote} ${state} 00000000:00000000 ${timer} 00000000     0        0 0 3 000000004356a102`
}

function table(...rows: string[]): string {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid'
  return `${[head, ...rows].join('\n')}\n`
}

describe('parseTimeWaits', () => {
  it('tells the sides apart by where the port of the upstream stands', () => {
    const rows = table(
      row('1F90', 'D3C0', '06', 6000),
      row('1F90', 'D3C2', '06', 6000),
      row('D3C4', '1F90', '06', 6000),
    )
    expect(parseTimeWaits(rows, 8080, 1000)).toEqual({ client: 1, upstream: 2 })
  })

  it('counts only this port and only TIME_WAIT', () => {
    const rows = table(
      row('1F91', 'D3C0', '06', 6000),
      row('D3C0', '01F9', '06', 6000),
      row('1F90', 'D3C2', '01', 6000),
      row('1F90', '0000', '0A', 0),
    )
    expect(parseTimeWaits(rows, 8080, 1000)).toEqual({ client: 0, upstream: 0 })
  })

  it('pads small port numbers as the kernel does', () => {
    expect(parseTimeWaits(table(row('0050', 'D3C0', '06', 6000)), 80, 1000).upstream).toBe(1)
  })

  it('leaves out what is older than the slice', () => {
    const rows = table(row('1F90', 'D3C0', '06', 5900))
    expect(parseTimeWaits(rows, 8080, 1000).upstream).toBe(1)
    expect(parseTimeWaits(rows, 8080, 999).upstream).toBe(0)
  })

  it('takes an empty table', () => {
    expect(parseTimeWaits(table(), 8080, 1000)).toEqual({ client: 0, upstream: 0 })
  })
})
