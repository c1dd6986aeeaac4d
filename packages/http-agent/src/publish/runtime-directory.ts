import { existsSync, lstatSync, mkdirSync, type Stats } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** The mode of the directory: only its user can enter it, and so reach its sockets. */
const PRIVATE_MODE = 0o700
const OTHERS = 0o077

/**
 * Lists the directories where pools of a user's processes may be published, the preferred one
 * first.
 */
export const runtimeDirectories = (uid: number): readonly string[] => [
  join('/run/user', `${uid}`, 'holdfast'),
  join(tmpdir(), `holdfast-${uid}`),
]

/**
 * Returns the directory of this user's sockets, and makes it where it is missing.
 *
 * @throws Error where the system has no users, or another user could enter the directory.
 */
export const ownRuntimeDirectory = (): string => {
  const uid = process.getuid?.()
  if (uid === undefined) throw new Error('pools can only be published where there are unix sockets')
  const [preferred, fallback] = runtimeDirectories(uid) as [string, string]
  const directory = existsSync(join(preferred, '..')) ? preferred : fallback
  mkdirSync(directory, { recursive: true, mode: PRIVATE_MODE })
  if (!isPrivateDirectory(lstatSync(directory), uid)) {
    throw new Error(`${directory} must be a directory that nobody but its user can enter`)
  }
  return directory
}

/** Whether it is a directory, not a link to one, that only the user can enter. */
export const isPrivateDirectory = (stats: Stats, uid: number): boolean =>
  // biome-ignore lint/suspicious/noBitwiseOperators: a mode is bits.
  stats.isDirectory() && stats.uid === uid && (stats.mode & OTHERS) === 0

/** Whether it is a socket that the user has made, not a link to one. */
export const isSocketOf = (stats: Stats, uid: number): boolean =>
  stats.isSocket() && stats.uid === uid

const SOCKET_NAME = /^(?<pid>[1-9]\d{0,9})-[\da-f-]{36}\.sock$/u

/** Reads the id of the process from the name of its socket; `undefined` for any other name. */
export const processOf = (name: string): number | undefined => {
  const pid = SOCKET_NAME.exec(name)?.groups?.['pid']
  return pid === undefined ? undefined : Number(pid)
}

/** Makes the prefix of the names of a process's sockets. */
export const socketPrefix = (pid: number): string => `${pid}-`
