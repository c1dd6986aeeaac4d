import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import { repositoryPath } from '../../../../tests/workspace/repository-path.ts'

/** The lines of Node that users may have. */
export type NodeLine = 'node' | 'node20' | 'node22' | 'node24'

/** How a program of `test/every-line` is run on a line of Node. */
export const compiledCommand = (
  line: NodeLine,
  program: string,
  args: readonly string[],
): readonly [string, ...string[]] => [
  repositoryPath(`node_modules/${line}/bin/node`),
  fileURLToPath(new URL(`../../build/every-line/${program}.js`, import.meta.url)),
  ...args,
]

/** A program of `test/every-line` that runs in a namespace and tells, a line at a time, how it goes. */
export class CompiledProcess<News> implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #news: AsyncIterator<string>

  constructor(
    namespace: NetworkNamespace,
    line: NodeLine,
    program: string,
    args: readonly string[],
  ) {
    const [entry, ...rest] = namespace.command(...splitHead(compiledCommand(line, program, args)))
    this.#child = spawn(entry, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#news = createInterface(this.#child.stdout as NodeJS.ReadableStream)[
      Symbol.asyncIterator
    ]()
  }

  get pid(): number {
    return this.#child.pid as number
  }

  /**
   * The next thing that it tells.
   *
   * @throws Where it ends instead.
   */
  async next(): Promise<News> {
    const { value, done } = await this.#news.next()
    if (done) throw new Error(`the process ended: ${this.#child.exitCode}`)
    return JSON.parse(value) as News
  }

  /** Gives it a line of input. */
  tell(order: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`)
  }

  /** Ends its input, which it takes for the end of its work. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end()
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, 'close')
    }
  }
}

const splitHead = ([head, ...rest]: readonly [string, ...string[]]): [string, string[]] => [
  head,
  rest,
]
