import { spawnSync } from 'node:child_process'
import process from 'node:process'

/**
 * Isolation of a run. Network namespaces of its own have no connections of other programs, no
 * TIME_WAITs of earlier runs, and sysctls that can be set without disturbing anybody.
 */
export type Isolation =
  | {
      readonly isolated: true
      /** Whether the processes have a namespace of their own, too, and so end with the first. */
      readonly processes: boolean
    }
  | { readonly isolated: false; readonly reason: string }

/** Way to start a program in namespaces of its own. */
export interface IsolationPlan {
  readonly isolation: Extract<Isolation, { readonly isolated: true }>
  /** Command in front of that of the program. */
  readonly command: readonly string[]
}

/** Variable that describes the isolation to the isolated process. */
export const ISOLATION_VARIABLE = 'HOLDFAST_ISOLATION'

const PROCESSES = ['--pid', '--fork', '--kill-child', '--mount', '--mount-proc']
const USER = ['--user', '--map-root-user']

/**
 * Levels, most isolated first. An ordinary user needs a user namespace to be allowed the others.
 */
const LEVELS = [
  { flags: ['--net', ...PROCESSES], processes: true },
  { flags: ['--net'], processes: false },
  { flags: [...USER, '--net', ...PROCESSES], processes: true },
  { flags: [...USER, '--net'], processes: false },
] as const

/**
 * Commands that set up the namespaces: loopback has to be brought up, and temporary files go to a
 * file system that vanishes with them. On loopback Linux reuses ports in TIME_WAIT after a second,
 * which hides how many connections a service could open to another machine, so this is switched
 * off.
 */
const SET_UP = `ip link set lo up &&
echo 0 > /proc/sys/net/ipv4/tcp_tw_reuse &&
{ mount -t tmpfs tmpfs /dev/shm && export TMPDIR=/dev/shm; } 2>/dev/null
[ "$(cat /proc/sys/net/ipv4/tcp_tw_reuse)" = 0 ] && exec "$@"`

/** Finds the most isolated way that works here, or the reason why none does. */
export function planIsolation(): IsolationPlan | { readonly reason: string } {
  let reason = ''
  for (const { flags, processes } of LEVELS) {
    const command = ['unshare', ...flags, 'sh', '-c', SET_UP, 'sh']
    const [program = '', ...args] = command
    const trial = spawnSync(program, [...args, 'true'], { encoding: 'utf8' })
    if (trial.status === 0) return { isolation: { isolated: true, processes }, command }
    reason = trial.error?.message ?? trial.stderr.trim().split('\n', 1)[0] ?? 'unshare failed'
  }
  return { reason: `no private network namespace here (${reason})` }
}

/** Isolation of this process; undefined if it is not isolated. */
export function currentIsolation(): Isolation | undefined {
  const text = process.env[ISOLATION_VARIABLE]
  return text === undefined ? undefined : (JSON.parse(text) as Isolation)
}
