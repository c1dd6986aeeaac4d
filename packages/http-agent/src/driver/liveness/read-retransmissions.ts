import { readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { descriptorOf } from '../socket-handle.ts'

/**
 * The part of a row that says how often the oldest unacknowledged bytes were sent again, in hex, up to
 * the inode; rows of sockets that sent nothing again do not match.
 */
const RETRANSMITTING =
  / [0-9A-F]{2}:[0-9A-F]{8} (?!0{8} )(?<count>[0-9A-F]{8}) +\d+ +\d+ (?<inode>\d+) /gu

const INODE = /^socket:\[(?<inode>\d+)\]$/u

/** The name of a socket in the kernel's tables. */
const inodeOf = (socket: Socket): string | undefined => {
  const descriptor = descriptorOf(socket)
  if (descriptor === undefined) return undefined
  try {
    return INODE.exec(readlinkSync(`/proc/self/fd/${descriptor}`))?.groups?.['inode']
  } catch {
    return undefined
  }
}

/** Reads a table of the kernel's, as `/proc/net/tcp` has it. */
export const parseRetransmissions = (table: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { groups } of table.matchAll(RETRANSMITTING)) {
    counts.set(groups?.['inode'] ?? '', Number.parseInt(groups?.['count'] ?? '', 16))
  }
  return counts
}

/**
 * The number of times that each of these sockets has sent its oldest unacknowledged bytes again: 0 if
 * there are none, or if the system does not tell. Only Linux does.
 */
export const retransmissionsOf = async (sockets: readonly Socket[]): Promise<readonly number[]> => {
  // Looked up before the wait, in which a descriptor may pass to another socket.
  const inodes = sockets.map(inodeOf)
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/self/net/${name}`, 'latin1').catch(() => '')),
  )
  const counts = parseRetransmissions(tables.join('\n'))
  return inodes.map((inode) => (inode === undefined ? 0 : (counts.get(inode) ?? 0)))
}
