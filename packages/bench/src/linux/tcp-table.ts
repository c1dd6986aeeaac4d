import { parseTcpState, type TcpState } from '@holdfast/core/tcp'
import { readLinuxFile } from './read-linux-file.ts'

/** Connection, or listening socket, in the kernel's table. */
export interface TcpRow {
  /** Address in the kernel's notation, such as `0100007F` for 127.0.0.1. */
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  readonly state: TcpState
  /** Time until the timer of this state fires; 0 without one. */
  readonly timerMs: number
  /** Inode of the socket; 0 where no process holds it. */
  readonly inode: number
}

/** Unit of timers: the kernel prints hundredths of a second. */
const TICK_MS = 10

/**
 * Connections of this network namespace, or of the process's; null where the kernel cannot be
 * asked. Reading 31,000 rows takes 25 ms, so not while something is timed.
 */
export function readTcpTable(pid: number | 'self' = 'self'): TcpRow[] | null {
  const ipv4 = readLinuxFile(`/proc/${pid}/net/tcp`)
  if (ipv4 === null) return null
  return [...parseTcpTable(ipv4), ...parseTcpTable(readLinuxFile(`/proc/${pid}/net/tcp6`) ?? '')]
}

/**
 * Reads the text of `/proc/net/tcp` or `/proc/net/tcp6`. The columns up to the timer have a fixed
 * width, so that tens of thousands of rows are read without splitting each.
 */
export function parseTcpTable(text: string): TcpRow[] {
  const rows: TcpRow[] = []
  let start = text.indexOf('\n') + 1
  while (start > 0 && start < text.length) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    rows.push(parseRow(text, start, end))
    start = end + 1
  }
  return rows
}

const PORT_WIDTH = 4
const STATE_WIDTH = 2
/** Width of `tx_queue:rx_queue tr:` between the state and the time left of its timer. */
const QUEUES_WIDTH = 22
const TIME_WIDTH = 8
/** Width of ` retrnsmt`. */
const RETRANSMITS_WIDTH = 9

function parseRow(text: string, start: number, end: number): TcpRow {
  const local = text.indexOf(':', start) + 2
  const localColon = text.indexOf(':', local)
  const remote = localColon + 1 + PORT_WIDTH + 1
  const remoteColon = remote + localColon - local
  const state = remoteColon + 1 + PORT_WIDTH + 1
  const time = state + STATE_WIDTH + QUEUES_WIDTH
  return {
    localAddress: text.slice(local, localColon),
    localPort: hexAt(text, localColon + 1, PORT_WIDTH),
    remoteAddress: text.slice(remote, remoteColon),
    remotePort: hexAt(text, remoteColon + 1, PORT_WIDTH),
    state: stateOf(text.slice(state, state + STATE_WIDTH)),
    timerMs: hexAt(text, time, TIME_WIDTH) * TICK_MS,
    inode: inodeAt(text, time + TIME_WIDTH + RETRANSMITS_WIDTH, end),
  }
}

function hexAt(text: string, at: number, width: number): number {
  return Number.parseInt(text.slice(at, at + width), 16)
}

/** Inode: the third of the columns of variable width (uid, timeout, inode). */
function inodeAt(text: string, at: number, end: number): number {
  let from = at
  for (let column = 0; column < 3; column++) {
    while (from < end && text[from] === ' ') from++
    if (column < 2) while (from < end && text[from] !== ' ') from++
  }
  const blank = text.indexOf(' ', from)
  return Number(text.slice(from, blank === -1 || blank > end ? end : blank))
}

/** Cache of spellings: core knows them all, the kernel uses few. */
const KNOWN_STATES = new Map<string, TcpState>()

function stateOf(spelling: string): TcpState {
  const known = KNOWN_STATES.get(spelling)
  if (known !== undefined) return known
  const state = parseTcpState(spelling)
  KNOWN_STATES.set(spelling, state)
  return state
}
