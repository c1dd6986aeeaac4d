/** A ratio that has to be reached, and the run of `holdfast bench` that shows it. */
export interface PerformanceTarget {
  /** By which targets can be chosen. */
  readonly group: 'agents' | 'https' | 'memory' | 'burst' | 'dispatcher'
  readonly title: string
  /** Arguments that belong to this run alone. */
  readonly args: readonly string[]
  readonly candidate: string
  readonly reference: string
  readonly figure: 'cpuPerRequest' | 'memoryPerConnection' | 'connections'
  /** The ratio must not be above; null where there is nothing but the figure to see. */
  readonly atMost: number | null
}

/** Slices in which each of many connections has more than a request or two. */
const sizeOf = (connections: number): readonly string[] =>
  connections < 500
    ? ['--connections', String(connections)]
    : ['--connections', String(connections), '--slice-ms', '300', '--blocks', '25']

const agentsAt = (connections: number): readonly string[] => [
  ...sizeOf(connections),
  '--variant',
  'holdfast',
  '--variant',
  'agentkeepalive',
]

const agents = (
  connections: number,
  reference: string,
  atMost: number | null,
): PerformanceTarget => ({
  group: 'agents',
  title: `HttpAgent ÷ ${reference}, ${connections} connections`,
  args: agentsAt(connections),
  candidate: 'holdfast',
  reference,
  figure: 'cpuPerRequest',
  atMost,
})

const dispatcher = (
  connections: number,
  origins: number,
  atMost: number | null,
): PerformanceTarget => ({
  group: 'dispatcher',
  title: `KeepAliveDispatcher ÷ undici 8, ${connections} connections, ${origins} origins`,
  args: [
    ...sizeOf(connections),
    '--origins',
    String(origins),
    '--baseline',
    'undici8',
    '--variant',
    'holdfast8',
  ],
  candidate: 'holdfast8',
  reference: 'undici8',
  figure: 'cpuPerRequest',
  atMost,
})

/** What is promised of speed and memory, side by side with others in one run. */
export const PERFORMANCE_TARGETS: readonly PerformanceTarget[] = [
  agents(10, 'node', 0.68),
  agents(10, 'agentkeepalive', 0.65),
  agents(50, 'node', 0.7),
  agents(50, 'agentkeepalive', 0.65),
  agents(1000, 'node', 0.7),
  agents(1000, 'agentkeepalive', 0.65),
  {
    group: 'https',
    title: 'HttpsAgent ÷ node, 50 connections',
    args: ['--connections', '50', '--tls', '--variant', 'holdfast'],
    candidate: 'holdfast',
    reference: 'node',
    figure: 'cpuPerRequest',
    atMost: null,
  },
  {
    group: 'memory',
    title: 'HttpAgent ÷ node, memory of an idle connection, 1000 of them',
    args: ['--workload', 'idle', '--connections', '1000', '--variant', 'holdfast'],
    candidate: 'holdfast',
    reference: 'node',
    figure: 'memoryPerConnection',
    atMost: 1,
  },
  {
    group: 'burst',
    title: 'HttpAgent ÷ node, bursts of 200',
    args: ['--workload', 'burst:size=200,idleMs=50', '--variant', 'holdfast'],
    candidate: 'holdfast',
    reference: 'node',
    figure: 'cpuPerRequest',
    atMost: null,
  },
  {
    group: 'burst',
    title: 'HttpAgent ÷ node, connections opened for bursts of 200',
    args: ['--workload', 'burst:size=200,idleMs=50', '--variant', 'holdfast'],
    candidate: 'holdfast',
    reference: 'node',
    figure: 'connections',
    atMost: 1,
  },
  dispatcher(50, 1, 0.92),
  dispatcher(500, 1, null),
  dispatcher(2000, 1, 0.75),
  dispatcher(50, 1000, null),
]
