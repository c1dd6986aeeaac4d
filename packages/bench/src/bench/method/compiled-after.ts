/**
 * Requests after which V8 has compiled most of a client; after a tenth of them it looks half as
 * fast again. Rarely called functions follow until some 25,000.
 */
export const COMPILED_AFTER = 10_000
