import { describe, expect, it } from 'vitest'
import { procNetTcp, procRow } from '../../test/proc-net-tcp.ts'
import { statesBySide, type TimeWaits, youngTimeWaits } from './connection-states.ts'
import { parseTcpTable, type TcpRow } from './tcp-table.ts'

const PORTS = new Set([8080, 8081])

const rowsOf = (...rows: readonly string[]): TcpRow[] => parseTcpTable(procNetTcp(...rows))

it('tells the sides apart by where a port of the upstream stands', () => {
  const rows = rowsOf(
    procRow('1F90', '0000', '0A'),
    procRow('1F90', 'D3C0', '01'),
    procRow('D3C0', '1F90', '01'),
    procRow('1F91', 'D3C2', '08'),
    procRow('D3C2', '1F91', '05'),
    procRow('1F92', 'D3C4', '01'),
    procRow('D3C4', '01F9', '01'),
  )
  expect(statesBySide(rows, PORTS)).toEqual({
    client: { ESTABLISHED: 1, FIN_WAIT_2: 1 },
    upstream: { LISTEN: 1, ESTABLISHED: 1, CLOSE_WAIT: 1 },
  })
})

it('counts a connection once that the kernel prints twice', () => {
  const row = procRow('1F90', 'D3C0', '01')
  const again = procRow('1F90', 'D3C0', '06')

  expect(statesBySide(rowsOf(row, row, again), PORTS).upstream).toEqual({
    ESTABLISHED: 1,
    // The port was dialled again while it was in TIME_WAIT.
    TIME_WAIT: 1,
  })
})

describe('youngTimeWaits', () => {
  const countIn = (ageMs: number, ...rows: readonly string[]): TimeWaits =>
    youngTimeWaits(rowsOf(...rows), PORTS, ageMs)

  it('counts them by side', () => {
    const rows = [
      procRow('1F90', 'D3C0', '06', { hundredths: 6000 }),
      procRow('1F91', 'D3C2', '06', { hundredths: 6000 }),
      procRow('D3C4', '1F90', '06', { hundredths: 6000 }),
      procRow('D3C6', '1F90', '01'),
    ]
    expect(countIn(1000, ...rows)).toEqual({ client: 1, upstream: 2 })
  })

  it('leaves out what is older than the slice', () => {
    const row = procRow('1F90', 'D3C0', '06', { hundredths: 5900 })
    expect(countIn(1000, row).upstream).toBe(1)
    expect(countIn(999, row).upstream).toBe(0)
  })
})
