import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { createInterface } from 'node:readline'
import type { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import { repositoryPath } from '../../../../tests/workspace/repository-path.ts'

/** Place from which a program finds the packages of the workspace. */
const PACKAGE = repositoryPath('packages/bench')

/** Prelude that reports the program's id: `nsenter` and `setpriv` have become it. */
const PRELUDE = `
const net = require('node:net')
const { once } = require('node:events')
const ready = () => console.log(process.pid)
const listen = async (host, port, onConnection) => {
  const server = net.createServer({ allowHalfOpen: true }, onConnection).listen(port, host)
  await once(server, 'listening')
  return server
}
const dial = async (host, port) => {
  const socket = net.connect({ host, port, allowHalfOpen: true }).on('error', () => {}).resume()
  await once(socket, 'connect')
  return socket
}
`

/** Program that holds connections in states of its choice. */
export class Holder implements AsyncDisposable {
  readonly pid: number
  readonly #end: () => Promise<void>

  private constructor(pid: number, end: () => Promise<void>) {
    this.pid = pid
    this.#end = end
  }

  static async start(network: NetworkNamespace, program: string): Promise<Holder> {
    const [command, ...args] = network.command(process.execPath, ['-e', `${PRELUDE}${program}`])
    const child = spawn(command, args, { cwd: PACKAGE, stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(child, 'close')
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    return new Holder(Number(line), async () => {
      child.kill('SIGKILL')
      await closed
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end()
  }
}
