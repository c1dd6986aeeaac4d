import { Buffer } from 'node:buffer'
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { realTime } from '../driver/real-time.ts'
import { isProcessReport } from './is-process-report.ts'
import type { PoolReport, ProcessReport } from './pool-report.ts'
import {
  isPrivateDirectory,
  isSocketOf,
  runtimeDirectories,
  socketPrefix,
} from './runtime-directory.ts'

const PATIENCE_MS = 1000

/** The most bytes that a process may answer: some 100,000 connections. */
const MAX_BYTES = 67_108_864

/**
 * The most sockets of a process that are asked: it has one for each copy of this package that it
 * has loaded.
 */
const MAX_SOCKETS = 4

/**
 * Asks a process for the pools that it publishes. Returns none where it publishes none, or does not
 * answer within a second because its event loop is blocked. Only sockets of the process's own user
 * are asked, in a directory that no other user can enter; answers are checked, and read up to 64
 * MiB.
 *
 * @param pid Id of the process, in this process's own namespaces of processes and files.
 */
export const readPublishedPools = async (pid: number): Promise<readonly PoolReport[]> => {
  const reports = await Promise.all(socketsOf(pid).map((path) => ask(path, pid)))
  return reports.flatMap((report) => report?.pools ?? [])
}

const socketsOf = (pid: number): readonly string[] => {
  const uid = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
  if (uid === undefined) return []
  return runtimeDirectories(uid)
    .flatMap((directory) => socketsIn(directory, pid, uid))
    .slice(0, MAX_SOCKETS)
}

const socketsIn = (directory: string, pid: number, uid: number): readonly string[] => {
  try {
    if (!isPrivateDirectory(lstatSync(directory), uid)) return []
    return readdirSync(directory)
      .filter((name) => name.startsWith(socketPrefix(pid)))
      .map((name) => join(directory, name))
      .filter((path) => isSocketOf(lstatSync(path), uid))
  } catch {
    return []
  }
}

const ask = async (path: string, pid: number): Promise<ProcessReport | undefined> => {
  const socket = connect(path)
  const timer = realTime.setTimeout(() => socket.destroy(), PATIENCE_MS)
  try {
    const report: unknown = JSON.parse(await textOf(socket))
    return isProcessReport(report, pid) ? report : undefined
  } catch {
    return undefined
  } finally {
    realTime.clearTimeout(timer)
    socket.destroy()
  }
}

const textOf = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) throw new RangeError('the answer has no end')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
