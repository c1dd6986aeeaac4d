import { expect, it } from 'vitest'
import type { SocketObservation, TimeWaitHolder } from './tcp-views.ts'
import { timeWaitHolderAfter } from './time-wait-holder-after.ts'

it.each<[readonly SocketObservation[], TimeWaitHolder | 'unknown']>([
  [[], 'unknown'],
  [['closed'], 'local'],
  [['fin_sent', 'closed'], 'local'],
  [['fin_sent', 'fin_read', 'closed'], 'local'],
  [['fin_read', 'closed'], 'peer'],
  [['fin_read', 'fin_sent', 'closed'], 'peer'],
  [['closed_unread'], 'neither'],
  [['reset_sent', 'closed'], 'neither'],
  [['reset_received', 'closed'], 'neither'],
])('after %j TIME_WAIT is on %s', (endings, holder) => {
  expect(timeWaitHolderAfter(...endings)).toBe(holder)
})
