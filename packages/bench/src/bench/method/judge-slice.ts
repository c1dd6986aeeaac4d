/** Counts of all witnesses of one slice. */
export interface SliceCounts {
  /** Requests to make. */
  readonly requests: number
  /** Answers that the load generator received. */
  readonly completed: number
  /** Requests that ended in an error, as seen by the load generator. */
  readonly failed: number
  /** Answers among them whose status was not 2xx. */
  readonly non2xx: number
  /** Counts of the upstream; null where it cannot be asked. */
  readonly upstream: {
    readonly requests: number
    readonly connections: number
  } | null
  /** Connections to the upstream as counted by the kernel; null where it cannot be asked. */
  readonly kernelConnections: number | null
}

/** Expectations of a slice. */
export interface Expectations {
  /**
   * Whether the upstream, or a middlebox before it, closes connections that are about to be used.
   */
  readonly mayFail: boolean
  /** Whether no other program dials where the kernel counts. */
  readonly isAlone: boolean
  /** Whether the upstream counts a connection that carried no request. */
  readonly countsUnused: boolean
}

/** Verdict on a slice. */
export interface SliceJudgement {
  /** Reasons why the slice is invalid; empty if it is valid. */
  readonly problems: readonly string[]
  /** Remarks on a valid slice. */
  readonly warnings: readonly string[]
}

/** Compares the witnesses. Figures count only if they agree. */
export function judgeSlice(counts: SliceCounts, expectations: Expectations): SliceJudgement {
  const problems = [...loadProblems(counts, expectations), ...requestProblems(counts, expectations)]
  const { problem, warning } = judgeConnections(counts, expectations)
  return {
    problems: problem === undefined ? problems : [...problems, problem],
    warnings: warning === undefined ? [] : [warning],
  }
}

function loadProblems(
  { requests, completed, failed, non2xx }: SliceCounts,
  { mayFail }: Expectations,
): string[] {
  const problems: string[] = []
  if (completed + failed !== requests) {
    problems.push(`${completed} of ${requests} requests were answered, ${failed} failed`)
  }
  if (mayFail) return problems
  if (failed > 0) problems.push(`${failed} requests failed`)
  if (non2xx > 0) problems.push(`${non2xx} answers were not 2xx`)
  return problems
}

/** Problems with the number of requests. An answer of 502 may have no request behind it. */
function requestProblems(
  { completed, failed, non2xx, upstream }: SliceCounts,
  { mayFail }: Expectations,
): string[] {
  if (upstream === null) return []
  const least = mayFail ? completed - non2xx : completed
  const most = mayFail ? completed + failed : completed
  if (upstream.requests >= least && upstream.requests <= most) return []
  return [`the upstream saw ${upstream.requests} requests, the load generator ${completed}`]
}

function judgeConnections(
  { upstream, kernelConnections }: SliceCounts,
  { isAlone, countsUnused }: Expectations,
): { readonly problem?: string; readonly warning?: string } {
  if (upstream === null || kernelConnections === null) return {}
  if (kernelConnections === upstream.connections) return {}
  const seen = `connections: ${kernelConnections} by the kernel, ${upstream.connections} by the upstream`
  if (kernelConnections < upstream.connections) return { problem: seen }
  if (!countsUnused) return {}
  // The kernel counts for the whole machine, so other programs can only make it count more.
  return isAlone ? { problem: seen } : { warning: `${seen}; other programs dial, too` }
}
