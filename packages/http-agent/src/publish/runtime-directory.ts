import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** Nobody but the user may look into the directory, so that nobody else reaches the sockets in it. */
const PRIVATE_MODE = 0o700
const OTHERS = 0o077

/** Where the pools of a user's processes may be published, the preferred place first. */
export const runtimeDirectories = (uid: number): readonly string[] => [
  join('/run/user', `${uid}`, 'holdfast'),
  join(tmpdir(), `holdfast-${uid}`),
]

/**
 * The directory of this user's sockets, made where it is missing.
 *
 * @throws Where the system has no users, or where somebody else could get at the directory.
 */
export const ownRuntimeDirectory = (): string => {
  const uid = process.getuid?.()
  if (uid === undefined) throw new Error('pools can only be published where there are unix sockets')
  const [preferred, fallback] = runtimeDirectories(uid) as [string, string]
  const directory = existsSync(join(preferred, '..')) ? preferred : fallback
  mkdirSync(directory, { recursive: true, mode: PRIVATE_MODE })
  const stats = lstatSync(directory)
  // biome-ignore lint/suspicious/noBitwiseOperators: a mode is bits.
  const isPrivate = (stats.mode & OTHERS) === 0
  if (!stats.isDirectory() || stats.uid !== uid || !isPrivate) {
    throw new Error(`${directory} must be a directory that nobody but its user can enter`)
  }
  return directory
}

/** The sockets of a process begin so. */
export const socketPrefix = (pid: number): string => `${pid}-`
