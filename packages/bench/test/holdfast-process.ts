import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAIN } from './run-holdfast.ts'

/** Starts the `holdfast` command as it was built. */
export function startHoldfast(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** State and parent of a process; undefined if there is none. */
function readStat(pid: number): { state: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}

/** Children, their children, and so on; those in namespaces of their own, too. */
export function descendantsOf(pid: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  const children = pids.filter((each) => readStat(each)?.parent === pid)
  return [...children, ...children.flatMap(descendantsOf)]
}

function isRunning(pid: number): boolean {
  // A zombie has ended and only waits for its new parent to take notice.
  return !['Z', 'X', undefined].includes(readStat(pid)?.state)
}

/** Waits until all have ended. */
export async function untilEnded(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await sleep(20)
}
