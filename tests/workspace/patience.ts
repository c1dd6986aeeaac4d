/**
 * When a test is taken for hung. Whatever a machine is busy with, no test that goes on takes so long:
 * nothing else in a test ends because time is over, so that no verdict depends on how fast it was.
 */
export const PATIENCE_MS = 600_000
