import { expect, it } from 'vitest'
import { parseRetransmissions } from './read-retransmissions.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 511 1 0000000000000000 100 0 0 10 0
   1: 0200510A:C35A 0200520A:1F90 01 00000012:00000000 01:00000164 00000005     0        0 512 3 0000000000000000 1600 4 31 1 7
   2: 0200510A:C35C 0200520A:1F90 01 00000000:00000000 02:000003E6 00000000     0        0 513 2 0000000000000000 20 4 31 10 -1
   3: 0200510A:C35E 0200520A:1F90 01 00000012:00000000 01:00000164 0000001F  1000        2 514 3 0000000000000000 1600 4 31 1 7
`

it('finds what is sent again, and how often', () => {
  expect([...parseRetransmissions(TABLE)]).toEqual([
    ['512', 5],
    ['514', 31],
  ])
})

it('finds nothing in what is no table', () => {
  expect(parseRetransmissions('').size).toBe(0)
})
