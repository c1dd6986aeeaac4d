import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { ServerProcess } from './server-process.ts'

/** Directory and configuration that a foreign server runs with. */
export class ForeignServer {
  readonly directory: string
  #process: ServerProcess | undefined
  readonly #remove = (): void => {
    this.#process?.kill()
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** @param name of the server, for the name of the directory */
  constructor(name: string) {
    this.directory = mkdtempSync(path.join(os.tmpdir(), `holdfast-${name}-`))
    // A server that drops its privileges has to be able to read it.
    chmodSync(this.directory, 0o755)
    // The opener may be interrupted before it knows what to close.
    process.once('exit', this.#remove)
  }

  /** Writes a file into the directory and returns its path. */
  write(name: string, text: string): string {
    const file = path.join(this.directory, name)
    writeFileSync(file, text)
    return file
  }

  /** Writes the contents of other files into one. */
  concatenate(name: string, files: readonly string[]): void {
    this.write(name, files.map((file) => readFileSync(file, 'utf8')).join(''))
  }

  path(name: string): string {
    return path.join(this.directory, name)
  }

  /**
   * Starts the server and waits until it answers a question. Leaves nothing behind if it does not.
   */
  async start(
    program: string,
    args: readonly string[],
    ask: () => Promise<unknown>,
  ): Promise<void> {
    this.#process = new ServerProcess(program, args)
    try {
      await this.#process.answers(ask)
    } catch (error) {
      const log = this.#readLog()
      await this.end()
      throw log === '' ? error : new Error(log, { cause: error })
    }
  }

  async end(): Promise<void> {
    await this.#process?.end()
    this.#remove()
    process.off('exit', this.#remove)
  }

  /** Reads the error log of a server that cannot write errors to our pipe. */
  #readLog(): string {
    const file = this.path('error.log')
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  }
}
