import process from 'node:process'

/*
 * Loaded before each test file: a move that the table of a request does not allow is a warning for users,
 * whose requests go on, and a failure here.
 */
process.on('warning', (warning: Error & { readonly code?: unknown }) => {
  if (warning.code === 'ERR_HOLDFAST_ILLEGAL_TRANSITION') throw warning
})
