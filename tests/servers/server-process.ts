import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { NetworkNamespace } from '../network/network-namespace.ts'

const LOOK_AGAIN_MS = 10

/** A server of a test, in a network of the test's own, so that its port can be any. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number
  readonly #child: ChildProcess
  readonly #dispose: () => Promise<void>

  private constructor(port: number, child: ChildProcess, dispose: () => Promise<void>) {
    this.port = port
    this.#child = child
    this.#dispose = dispose
  }

  /**
   * Starts a server that stays in the foreground.
   *
   * @returns The server, once the kernel lists its port as listening.
   * @throws Where it ends before that, with what it complained of.
   */
  static async start(
    namespace: NetworkNamespace,
    [program, ...args]: readonly [string, ...string[]],
    port: number,
    dispose: () => Promise<void> = async () => undefined,
  ): Promise<ServerProcess> {
    const [entry, ...rest] = namespace.command(program, args)
    const child = spawn(entry, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
    let complaints = ''
    child.stderr.on('data', (text) => {
      complaints += text
    })
    const isListening = async (): Promise<boolean> =>
      (await namespace.connections()).some(
        ({ localPort, state }) => localPort === port && state === 'LISTEN',
      )
    child.once('error', (error) => {
      complaints += error
    })
    while (!(await isListening())) {
      if (child.exitCode !== null || child.pid === undefined) {
        await dispose()
        throw new Error(`${program} does not start: ${complaints}`)
      }
      await delay(LOOK_AGAIN_MS)
    }
    return new ServerProcess(port, child, dispose)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill()
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'close')
    }
    await this.#dispose()
  }
}
