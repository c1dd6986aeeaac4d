import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { runProgram } from '../workspace/run-program.ts'
import { type KernelConnection, readConnections } from './kernel-connections.ts'

/** What a namespace can be told about TCP, by the names of the sysctls below `net.ipv4`. */
export interface NamespaceSysctls {
  /** The ephemeral ports, both bounds included. */
  readonly ip_local_port_range?: `${number} ${number}`
  /** Whether a port in TIME_WAIT is lent out again; the kernel's 2 does so on the loopback. */
  readonly tcp_tw_reuse?: 0 | 1 | 2
  readonly ip_forward?: 0 | 1
}

/** Says that it is ready once it has set the namespace up, and keeps it until its input ends. */
const KEEP = 'ip link set lo up && echo ready && exec cat > /dev/null'

/**
 * A network of its own: ports, TIME_WAITs, firewall and sysctls concern nobody else. A process holds
 * it that ends with this one, whatever happens to this one, and the kernel removes what nobody holds.
 * It takes the rights of root.
 */
export class NetworkNamespace implements AsyncDisposable {
  readonly #holder: ChildProcess

  private constructor(holder: ChildProcess) {
    this.#holder = holder
  }

  /** Makes a namespace with nothing but a loopback. */
  static async create(sysctls: NamespaceSysctls = {}): Promise<NetworkNamespace> {
    const holder = spawn('unshare', ['--net', 'sh', '-c', KEEP], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface(holder.stdout)
    const [line] = await Promise.race([once(lines, 'line'), once(holder, 'close')])
    if (line !== 'ready') throw new Error('unshare makes no network namespace: are you root?')
    const namespace = new NetworkNamespace(holder)
    for (const [name, value] of Object.entries(sysctls)) {
      await namespace.run('sh', ['-c', `echo ${value} > /proc/sys/net/ipv4/${name}`])
    }
    return namespace
  }

  /** The process that holds it, by which `ip` and `/proc` find it. */
  get pid(): number {
    return this.#holder.pid as number
  }

  /** What to call in order to run the program in the namespace. It ends when its caller does. */
  command(program: string, args: readonly string[]): readonly [string, ...string[]] {
    const entry = ['nsenter', `--net=/proc/${this.pid}/ns/net`] as const
    return [...entry, 'setpriv', '--pdeathsig', 'TERM', program, ...args]
  }

  /**
   * Runs a program in the namespace to its end.
   *
   * @returns What it wrote.
   * @throws Where it failed, with what it complained of.
   */
  async run(program: string, args: readonly string[]): Promise<string> {
    const [entry, ...rest] = this.command(program, args)
    const { code, out, err } = await runProgram(entry, rest, { cwd: '/' })
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${err}`)
    return out
  }

  /** The kernel's table of the TCP connections in the namespace, those in TIME_WAIT included. */
  connections(): Promise<readonly KernelConnection[]> {
    return readConnections(this.pid)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#holder.stdin?.end()
    if (this.#holder.exitCode === null) await once(this.#holder, 'close')
  }
}
