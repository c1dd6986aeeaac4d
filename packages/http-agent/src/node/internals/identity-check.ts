/**
 * The description of the symbol by which Node marks options with a `checkServerIdentity` of their own.
 *
 * @why A connection must not serve a request whose own check it has not passed.
 * @instead An option in the arguments of `addRequest` that says so.
 */
const IDENTITY_CHECKED_BY_REQUEST = 'per-request checkServerIdentity'

/**
 * Whether the options of an HTTPS request say that its `checkServerIdentity` is its own, and so has to
 * be asked for each request. Node's agents keep no connection of such a request (since 22.23, 24.21).
 */
export const isIdentityCheckedByRequest = (options: object): boolean =>
  Object.getOwnPropertySymbols(options).some(
    ({ description }) => description === IDENTITY_CHECKED_BY_REQUEST,
  )
