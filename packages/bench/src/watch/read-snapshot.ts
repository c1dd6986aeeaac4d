import { spawnSync } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { PortRange } from '@holdfast/core/tcp'
import { readLinuxFile } from '../linux/read-linux-file.ts'
import { readTcpTable } from '../linux/tcp-table.ts'
import type { Scope, Snapshot } from './snapshot.ts'

const SOCKET = /^socket:\[(?<inode>\d+)\]$/u
const NAME_LENGTH = 40
const BLANKS = /\s+/u
const PORT_RANGE = '/proc/sys/net/ipv4/ip_local_port_range'

/** Network that cannot be looked at; told in one line, and the exit code is 1. */
export class WatchFailure extends Error {
  override readonly name = 'WatchFailure'
}

/**
 * Looks at the network.
 *
 * @throws WatchFailure where that is not possible, or no longer
 */
export function readSnapshot({ pid }: Scope, ephemeralPorts: PortRange | null): Snapshot {
  const inodes = pid === null ? null : readSocketInodes(pid)
  const rows = readTcpTable(pid ?? 'self')
  if (rows === null)
    throw new WatchFailure('the kernel shows no table of connections: no /proc/net/tcp')
  return { atMs: performance.now(), rows, inodes, ephemeralPorts }
}

/** Inodes of the sockets that a process holds. */
function readSocketInodes(pid: number): ReadonlySet<number> {
  const folder = `/proc/${pid}/fd`
  const inodes = new Set<number>()
  for (const descriptor of listDescriptors(pid, folder)) {
    const inode = SOCKET.exec(readLink(`${folder}/${descriptor}`))?.groups?.['inode']
    if (inode !== undefined) inodes.add(Number(inode))
  }
  return inodes
}

function listDescriptors(pid: number, folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'EACCES'
        ? `the sockets of process ${pid} may not be read: run as its user, or as root`
        : `there is no process ${pid}`
    throw new WatchFailure(`${why} (${code})`, { cause: error })
  }
}

/** Target of a link; empty where the descriptor has been closed meanwhile. */
function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

const STATE = /\) (?<state>\S)/u

/** Whether a process is over, even if its parent has not noticed yet. */
export function hasEnded(pid: number | null): boolean {
  if (pid === null) return false
  const stat = readLinuxFile(`/proc/${pid}/stat`)
  // The name before the last bracket may hold anything.
  const state = stat && STATE.exec(stat.slice(stat.lastIndexOf(')')))?.groups?.['state']
  return state === null || state === 'Z' || state === 'X'
}

/** Command line of a process, cut to fit a title. */
export function readProcessName(pid: number): string {
  const [program = '', ...args] = (readLinuxFile(`/proc/${pid}/cmdline`) ?? '').split('\0')
  const text = [basename(program), ...args].join(' ').trim()
  if (text === '') return 'unknown'
  return text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH)}…` : text
}

/**
 * Ephemeral ports of our own network namespace or of the process's. To read another one's settings
 * one has to enter it, which takes root; null where that fails.
 */
export function readEphemeralPorts(pid: number | null): PortRange | null {
  const namespaces = ['self', pid ?? 'self'].map((each) => readLink(`/proc/${each}/ns/net`))
  const isOurs = namespaces[0] === namespaces[1]
  const text = isOurs
    ? readLinuxFile(PORT_RANGE)
    : spawnSync('nsenter', [`--net=/proc/${pid}/ns/net`, 'cat', PORT_RANGE], { encoding: 'utf8' })
        .stdout
  const [first, last] = (text ?? '').trim().split(BLANKS).map(Number)
  return first === undefined || last === undefined ? null : { first, last }
}
