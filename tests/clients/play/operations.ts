/** What a client may be able to do; `reuse` is to keep its connections. */
export const OPERATIONS = [
  'get',
  'post',
  'upload',
  'download',
  'redirect',
  'time-out',
  'abort',
  'reuse',
] as const

export type Operation = (typeof OPERATIONS)[number]
