/** What several witnesses counted in one slice. */
export interface SliceCounts {
  /** Requests that were to be made. */
  readonly requests: number
  /** Answers that the load generator received. */
  readonly completed: number
  /** Answers among them whose status was not 2xx. */
  readonly non2xx: number
  readonly upstream: { readonly requests: number; readonly connections: number }
  /** Connections towards the upstream as the kernel counted, null where it cannot be asked. */
  readonly kernelConnections: number | null
}

/** What is wrong with a slice. */
export interface SliceJudgement {
  /** Why the slice is invalid; empty if it is valid. */
  readonly problems: readonly string[]
  /** What a reader should know of a valid slice. */
  readonly warnings: readonly string[]
}

/** Compares the witnesses. A figure is worth something only if they agree. */
export function judgeSlice(counts: SliceCounts): SliceJudgement {
  const { requests, completed, non2xx, upstream, kernelConnections } = counts
  const problems: string[] = []
  const warnings: string[] = []
  if (completed !== requests) {
    problems.push(`${completed} of ${requests} requests were answered`)
  }
  if (upstream.requests !== completed) {
    problems.push(`the upstream saw ${upstream.requests} requests, the load generator ${completed}`)
  }
  if (non2xx > 0) problems.push(`${non2xx} answers were not 2xx`)
  if (kernelConnections !== null && kernelConnections !== upstream.connections) {
    const seen = `connections: ${kernelConnections} by the kernel, ${upstream.connections} by the upstream`
    // The kernel counts for the whole machine, so another program can only make it count more.
    if (kernelConnections > upstream.connections) warnings.push(`${seen}; other programs dial, too`)
    else problems.push(seen)
  }
  return { problems, warnings }
}
