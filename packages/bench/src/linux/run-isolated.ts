import { fork } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { ISOLATION_VARIABLE, type IsolationPlan } from './isolation.ts'

/**
 * Runs this program again, with the same arguments, in namespaces of its own, and resolves with its
 * exit code. The channel between the two processes ends with either; a process that loses it ends.
 */
export async function runIsolated(
  { isolation, command }: IsolationPlan,
  args: readonly string[],
): Promise<number> {
  const [program = '', ...before] = command
  const child = fork(process.argv[1] as string, args, {
    execPath: program,
    execArgv: [...before, process.execPath],
    env: { ...process.env, [ISOLATION_VARIABLE]: JSON.stringify(isolation) },
    stdio: 'inherit',
  })
  // It receives an interrupt from the terminal as we do; other signals reach it only this way.
  const interrupt = (): void => {
    if (child.connected) child.disconnect()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 1
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
