/** Number of errors by code. */
export type ErrorCounts = Readonly<Record<string, number>>

/** Counts errors by their code, or by their name without one. */
export class ErrorTally {
  readonly #counts: Record<string, number> = {}

  add(error: unknown): void {
    const code = codeOf(error)
    this.#counts[code] = (this.#counts[code] ?? 0) + 1
  }

  counts(): ErrorCounts {
    return { ...this.#counts }
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
