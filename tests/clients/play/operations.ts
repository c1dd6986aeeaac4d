/** What a client may be able to do. */
export const OPERATIONS = [
  'get',
  'post',
  'upload',
  'download',
  'redirect',
  'time-out',
  'abort',
] as const

export type Operation = (typeof OPERATIONS)[number]
