import type { Address } from '@holdfast/core'

/** One of the addresses that the name of an origin stands for. */
export interface AddressRow {
  readonly address: string
  readonly family: 4 | 6
  /** Connections to it that may take a further request, those that are being dialled included. */
  readonly open: number
  /** Whether other addresses come first, because dials of it failed. */
  readonly isPassedOver: boolean
  /** Dials of it that failed in a row. */
  readonly failureCount: number
}

export const addressRow = (
  { address, connections, failureCount, family }: Address<unknown>,
  isPassedOver: boolean,
): AddressRow => ({
  address,
  family,
  open: connections.size,
  isPassedOver,
  failureCount,
})
