import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { LOOPBACK_CERTIFICATE } from '../upstreams/loopback-certificate.ts'
import type { CommandKind, CommandOf, Reply, ReplyTo } from './messages.ts'

/** Roles that run in processes of their own. */
export type Role = 'upstream' | 'client' | 'load'

const here = (path: string): URL => new URL(`./${path}${extname(import.meta.url)}`, import.meta.url)

/** Program of each role. */
export const ROLE_PROGRAMS: Readonly<Record<Role, URL>> = {
  upstream: here('upstream'),
  client: here('client'),
  load: here('load'),
}

/** Variable that makes Node trust the certificate in a file, for every client. */
const EXTRA_CERTIFICATES = 'NODE_EXTRA_CA_CERTS'

/** Time that a role has to end before it is killed. */
const CLEAN_UP_MS = 5000

/**
 * Controller's side of a role process. It asks one question at a time, and gets one reply or an
 * error.
 */
export class RoleProcess {
  readonly #name: string
  readonly #child: ChildProcess
  #ended: string | undefined
  /** Resolves the question in progress. */
  #settle: ((reply: Reply) => void) | undefined

  /**
   * @param name for error messages
   * @param cpu the only CPU to run on, or undefined for any
   * @param hear receives what the process, or a module that it has loaded, prints
   */
  constructor(
    program: URL,
    name: string,
    cpu: number | undefined,
    hear: (line: string) => void = () => undefined,
  ) {
    this.#name = name
    this.#child = forkRole(program, cpu)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.trimEnd().split('\n')) hear(line)
      })
    }
    this.#child.on('message', (reply: Reply) => this.#settle?.(reply))
    this.#child.on('error', (error) => this.#end(error.message))
    this.#child.on('exit', (code, signal) => this.#end(`it ended with ${signal ?? `code ${code}`}`))
  }

  async ask<K extends CommandKind>(command: CommandOf<K>, timeoutMs: number): Promise<ReplyTo<K>> {
    const reply = await this.#replyTo(command, timeoutMs)
    if (reply.kind === 'failed') {
      throw new Error(`${this.#name} failed to ${command.kind}: ${reply.reason}`)
    }
    if (reply.kind !== command.kind) {
      throw new Error(`${this.#name} was asked to ${command.kind} and answered ${reply.kind}`)
    }
    return reply as ReplyTo<K>
  }

  /** Lets the process clean up and end; kills it after a while. */
  async end(): Promise<void> {
    if (this.#ended !== undefined) return
    const exit = once(this.#child, 'exit')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), CLEAN_UP_MS)
    if (this.#child.connected) this.#child.disconnect()
    await exit
    clearTimeout(timer)
  }

  #replyTo(command: CommandOf<CommandKind>, timeoutMs: number): Promise<Reply> {
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => this.#settle?.({ kind: 'failed', reason: `no answer within ${timeoutMs} ms` }),
        timeoutMs,
      )
      this.#settle = (reply) => {
        this.#settle = undefined
        clearTimeout(timer)
        resolve(reply)
      }
      if (this.#ended === undefined) this.#child.send(command, () => undefined)
      else this.#settle({ kind: 'failed', reason: this.#ended })
    })
  }

  #end(reason: string): void {
    this.#ended = reason
    this.#settle?.({ kind: 'failed', reason })
  }
}

function forkRole(program: URL, cpu: number | undefined): ChildProcess {
  const runtime =
    cpu === undefined
      ? { execPath: process.execPath, execArgv: [] }
      : { execPath: 'taskset', execArgv: ['-c', String(cpu), process.execPath] }
  return fork(fileURLToPath(program), [], {
    ...runtime,
    env: { ...process.env, [EXTRA_CERTIFICATES]: LOOPBACK_CERTIFICATE.certificateFile },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}
