/** Requests after which V8 has compiled a client for good, or nearly so. */
export const COMPILED_AFTER = 25_000
