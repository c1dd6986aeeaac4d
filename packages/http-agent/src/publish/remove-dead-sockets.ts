import { lstatSync, readdirSync, unlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { isSocketOf, processOf } from './runtime-directory.ts'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const isLeftBehind = (path: string, name: string): boolean => {
  const pid = processOf(name)
  if (pid === undefined || isAlive(pid)) return false
  try {
    return isSocketOf(lstatSync(path), process.getuid?.() ?? -1)
  } catch {
    return false
  }
}

/**
 * A process that was killed leaves its socket behind. Nothing is removed but such sockets: of processes
 * that are gone, and on which nobody listens any more. A process that we cannot see may still be there,
 * in a container that shares the directory.
 */
export const removeDeadSockets = (directory: string): void => {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name)
    if (!isLeftBehind(path, name)) continue
    const socket = connect(path).unref()
    socket.once('connect', () => socket.destroy())
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') remove(path)
    })
  }
}

const remove = (path: string): void => {
  try {
    unlinkSync(path)
  } catch {
    // Somebody else was quicker, or it is left for the next one.
  }
}
