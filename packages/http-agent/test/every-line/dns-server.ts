import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** A DNS server of a test: it answers questions for A records. */
export interface DnsServer {
  readonly port: number
  readonly questions: string[]
  /** The addresses that every name stands for; no name is known where there are none. */
  addresses: readonly string[]
}

const HEADER_LENGTH = 12
const TYPE_A = 1
const CLASS_IN = 1
const RESPONSE = 0x81_80
const NAME_ERROR = 3
/** Points to the name in the question. */
const SAME_NAME = 0xc0_0c

/** The name of a question, and where it ends. */
const readName = (query: Buffer): { readonly name: string; readonly end: number } => {
  const labels: string[] = []
  let offset = HEADER_LENGTH
  while (query[offset] !== 0) {
    const length = query.readUInt8(offset)
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length))
    offset += 1 + length
  }
  return { name: labels.join('.'), end: offset + 1 }
}

const record = (address: string): Buffer => {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt16BE(SAME_NAME, 0)
  bytes.writeUInt16BE(TYPE_A, 2)
  bytes.writeUInt16BE(CLASS_IN, 4)
  bytes.writeUInt16BE(4, 10)
  Buffer.from(address.split('.').map(Number)).copy(bytes, 12)
  return bytes
}

const answerTo = (query: Buffer, end: number, addresses: readonly string[]): Buffer => {
  const header = Buffer.from(query.subarray(0, HEADER_LENGTH))
  header.writeUInt16BE(RESPONSE + (addresses.length === 0 ? NAME_ERROR : 0), 2)
  header.writeUInt16BE(addresses.length, 6)
  header.writeUInt32BE(0, 8)
  // The type and the class of the question stand behind its name.
  return Buffer.concat([header, query.subarray(HEADER_LENGTH, end + 4), ...addresses.map(record)])
}

export const serveDns = async (
  context: TestContext,
  ...addresses: readonly string[]
): Promise<DnsServer> => {
  const socket = createSocket('udp4')
  context.after(() => socket.close())
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const server: DnsServer = {
    port: (socket.address() as AddressInfo).port,
    questions: [],
    addresses,
  }
  socket.on('message', (query, { address, port }) => {
    const { name, end } = readName(query)
    server.questions.push(name)
    socket.send(answerTo(query, end, server.addresses), port, address)
  })
  return server
}
