import { lstatSync, readdirSync, unlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { isSocketOf, processOf } from './runtime-directory.ts'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // The process of another user exists, although it may not be signalled.
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
 * Removes sockets that killed processes left behind: those of processes that are gone, on which
 * none listens. A process that we cannot see may still run, in a container that shares the
 * directory.
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
    // Another process was faster, or the next one removes it.
  }
}
