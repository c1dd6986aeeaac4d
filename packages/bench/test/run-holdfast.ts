import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** Built command. */
export const MAIN: string = fileURLToPath(new URL('../dist/main.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Place in which a program runs, such as a network namespace: the command to start it there. */
export interface Surroundings {
  readonly command: (program: string, args: readonly string[]) => readonly [string, ...string[]]
  /**
   * Environment beside that of the test; lines are as long as they like unless `COLUMNS` is set.
   */
  readonly env?: NodeJS.ProcessEnv
}

const HERE: Surroundings = { command: (program, args) => [program, ...args] }

/** Runs `holdfast` to its end. */
export async function runHoldfast(
  args: readonly string[],
  surroundings: Surroundings = HERE,
): Promise<Finished> {
  const [program, ...rest] = surroundings.command(process.execPath, [MAIN, ...args])
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, COLUMNS: '1000', ...surroundings.env },
  })
  const closed = once(child, 'close') as Promise<[number | null]>
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, out, err }
}
