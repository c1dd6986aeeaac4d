import type { Policy } from './policy.ts'

/** A connection takes no further request once its name does not stand for its address any more. */
export const addressGone: Policy = ({ isAddressGone }) =>
  isAddressGone ? 'address_gone' : Number.POSITIVE_INFINITY
