import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

const START_TIMEOUT_MS = 15_000
const RETRY_MS = 20

/** Directories that Debian keeps out of the path of ordinary users. */
const SYSTEM_PATH = '/usr/sbin:/usr/local/sbin:/sbin'

/** Process of a foreign server, which ends with this process. */
export class ServerProcess {
  readonly #program: string
  readonly #child: ChildProcess
  /** Last part of its output, for the error if it does not start. */
  #said = ''
  #ended: string | undefined

  constructor(program: string, args: readonly string[]) {
    this.#program = program
    const [command, ...rest] = [...dyingWithUs(), program, ...args]
    this.#child = spawn(command as string, rest, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environment(),
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = `${this.#said}${text}`.slice(-2000)
    })
    this.#child.on('error', (error) => {
      this.#ended = error.message
    })
    this.#child.on('exit', (code, signal) => {
      this.#ended = `it ended with ${signal ?? `code ${code}`}`
    })
  }

  /** Waits until the server answers a question. */
  async answers(ask: () => Promise<unknown>): Promise<void> {
    const triedUntilMs = performance.now() + START_TIMEOUT_MS
    while (true) {
      try {
        await ask()
        return
      } catch (error) {
        if (this.#ended !== undefined || performance.now() > triedUntilMs) {
          const reason = this.#ended ?? String(error)
          throw new Error(`${this.#program} does not start: ${reason}\n${this.#said}`.trim(), {
            cause: error,
          })
        }
      }
      await sleep(RETRY_MS)
    }
  }

  /** Kills it and waits until it has ended. */
  async end(): Promise<void> {
    if (this.#ended !== undefined) return
    const exit = once(this.#child, 'exit')
    this.kill()
    await exit
  }

  /** Kills it without waiting. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

/** Whether a server is installed. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['-v'], { env: environment() }).error === undefined
}

/** Output of a server that is asked for its version, on either stream. */
export function versionOf(program: string, flag: string): string {
  const { stdout, stderr } = spawnSync(program, [flag], { env: environment(), encoding: 'utf8' })
  return `${stdout}${stderr}`
}

/** Command before that of the server, which lets Linux kill it when its parent dies in any way. */
function dyingWithUs(): string[] {
  const setpriv = ['setpriv', '--pdeathsig', 'KILL']
  return spawnSync('setpriv', [...setpriv.slice(1), 'true']).status === 0 ? setpriv : []
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH'] ?? ''}:${SYSTEM_PATH}` }
}
