import process from 'node:process'
import { UsageError } from '../../cli/usage-error.ts'

/** First version of Node that something runs on. */
export type NodeVersion = readonly [major: number, minor: number]

/**
 * Checks that Node is new enough.
 *
 * @param running version at hand; that of this process unless said
 * @throws UsageError where it is older than needed
 */
export function checkNodeVersion(
  what: string,
  [major, minor]: NodeVersion,
  running: string = process.versions.node,
): void {
  const [ownMajor = 0, ownMinor = 0] = running.split('.').map(Number)
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return
  throw new UsageError(`${what} needs Node ${major}.${minor} or newer; this is Node ${running}`)
}
