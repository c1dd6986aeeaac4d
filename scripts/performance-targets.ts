/** A ratio that has to be reached, and the run of `holdfast bench` that shows it. */
export interface PerformanceTarget {
  /** Name by which targets are chosen. */
  readonly group: 'agents' | 'https' | 'memory' | 'burst' | 'dispatcher'
  readonly title: string
  /** Arguments that belong to this run alone. */
  readonly args: readonly string[]
  readonly candidate: string
  readonly reference: string
  readonly figure: 'cpuPerRequest' | 'userCpuPerRequest' | 'memoryPerConnection' | 'connections'
  /** The ratio must not be above; null where no ratio is promised. */
  readonly atMost: number | null
}

/** Slices in which each of many connections has more than a request or two. */
const sizeOf = (connections: number): readonly string[] =>
  connections < 500
    ? ['--connections', String(connections)]
    : ['--connections', String(connections), '--slice-ms', '300', '--blocks', '25']

const variants = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => ['--variant', name])

/** All ratios of the agents at so many connections come from one run. */
const agents = (
  connections: number,
  limits: Readonly<Record<'floor' | 'node', number>>,
): readonly PerformanceTarget[] => {
  const args = [...sizeOf(connections), ...variants('holdfast', 'floor', 'agentkeepalive')]
  const against = (reference: string, atMost: number | null): PerformanceTarget => ({
    group: 'agents',
    title: `HttpAgent ÷ ${reference}, ${connections} connections`,
    args,
    candidate: 'holdfast',
    reference,
    figure: 'cpuPerRequest',
    atMost,
  })
  const floor = against('floor', limits.floor)
  return [
    floor,
    { ...floor, title: `${floor.title}, in user space`, figure: 'userCpuPerRequest', atMost: null },
    against('node', limits.node),
    against('agentkeepalive', null),
  ]
}

/** All ratios of the dispatcher at so many connections and origins come from one run. */
const dispatcher = (
  connections: number,
  origins: number,
  atMost: number | null,
): readonly PerformanceTarget[] => {
  const where = `${connections} connections, ${origins} ${origins === 1 ? 'origin' : 'origins'}`
  // A floor has one origin.
  const references = origins === 1 ? ['floor8', 'undici8'] : ['undici8']
  const args = [
    ...[...sizeOf(connections), '--origins', String(origins), '--baseline', 'undici8'],
    ...variants('holdfast8', ...references.filter((name) => name !== 'undici8')),
  ]
  return references.map((reference) => ({
    group: 'dispatcher',
    title: `KeepAliveDispatcher ÷ ${reference}, ${where}`,
    args,
    candidate: 'holdfast8',
    reference,
    figure: 'cpuPerRequest',
    atMost: reference === 'undici8' ? atMost : null,
  }))
}

/** Speed and memory that are promised, side by side with others in one run. */
export const PERFORMANCE_TARGETS: readonly PerformanceTarget[] = [
  ...agents(10, { floor: 1.05, node: 0.85 }),
  ...agents(50, { floor: 1.05, node: 0.8 }),
  ...agents(1000, { floor: 1.05, node: 0.75 }),
  {
    group: 'https',
    title: 'HttpsAgent ÷ floor, 50 connections',
    args: ['--connections', '50', '--tls', ...variants('holdfast', 'floor')],
    candidate: 'holdfast',
    reference: 'floor',
    figure: 'cpuPerRequest',
    atMost: null,
  },
  {
    group: 'https',
    title: 'HttpsAgent ÷ node, 50 connections',
    args: ['--connections', '50', '--tls', ...variants('holdfast', 'floor')],
    candidate: 'holdfast',
    reference: 'node',
    figure: 'cpuPerRequest',
    atMost: 0.9,
  },
  {
    group: 'memory',
    title: 'HttpAgent ÷ floor, memory of an idle connection, 1000 of them',
    args: ['--workload', 'idle', '--connections', '1000', ...variants('holdfast', 'floor')],
    candidate: 'holdfast',
    reference: 'floor',
    figure: 'memoryPerConnection',
    atMost: null,
  },
  {
    group: 'memory',
    title: 'HttpAgent ÷ node, memory of an idle connection, 1000 of them',
    args: ['--workload', 'idle', '--connections', '1000', ...variants('holdfast', 'floor')],
    candidate: 'holdfast',
    reference: 'node',
    figure: 'memoryPerConnection',
    atMost: 0.8,
  },
  {
    group: 'burst',
    title: 'HttpAgent ÷ node, bursts of 200',
    args: ['--workload', 'burst:size=200,idleMs=50', ...variants('holdfast')],
    candidate: 'holdfast',
    reference: 'node',
    figure: 'cpuPerRequest',
    atMost: null,
  },
  {
    group: 'burst',
    title: 'HttpAgent ÷ node, connections opened for bursts of 200',
    args: ['--workload', 'burst:size=200,idleMs=50', ...variants('holdfast')],
    candidate: 'holdfast',
    reference: 'node',
    figure: 'connections',
    atMost: 1,
  },
  ...dispatcher(50, 1, 0.9),
  ...dispatcher(500, 1, null),
  ...dispatcher(2000, 1, 0.7),
  ...dispatcher(50, 1000, null),
]
