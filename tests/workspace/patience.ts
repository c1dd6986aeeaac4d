/** How long a test that runs programs may take on a machine that is busy with other tests. */
export const PATIENCE_MS = 240_000
