/**
 * Requests after which V8 has compiled most of a client: a tenth of that makes it look half as fast
 * again. What is called seldom follows until some 25,000.
 */
export const COMPILED_AFTER = 10_000
