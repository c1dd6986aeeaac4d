import { readdirSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { realTime } from '../driver/real-time.ts'
import { type PoolReport, type ProcessReport, REPORT_SCHEMA } from './pool-report.ts'
import { runtimeDirectories, socketPrefix } from './runtime-directory.ts'

const PATIENCE_MS = 1000

/**
 * Asks a process for the pools that it publishes; none where it publishes none, or where it does not
 * answer within a second because its event loop is blocked.
 *
 * @param pid In our own namespaces of processes and files.
 */
export const readPublishedPools = async (pid: number): Promise<readonly PoolReport[]> => {
  const reports = await Promise.all(socketsOf(pid).map(ask))
  return reports.flatMap((report) => report?.pools ?? [])
}

const socketsOf = (pid: number): readonly string[] => {
  const uid = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
  if (uid === undefined) return []
  return runtimeDirectories(uid).flatMap((directory) =>
    namesIn(directory)
      .filter((name) => name.startsWith(socketPrefix(pid)))
      .map((name) => join(directory, name)),
  )
}

const namesIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

const ask = async (path: string): Promise<ProcessReport | undefined> => {
  const socket = connect(path)
  const timer = realTime.setTimeout(() => socket.destroy(), PATIENCE_MS)
  try {
    const report: ProcessReport = JSON.parse(await text(socket))
    return report.schema === REPORT_SCHEMA ? report : undefined
  } catch {
    return undefined
  } finally {
    realTime.clearTimeout(timer)
  }
}
