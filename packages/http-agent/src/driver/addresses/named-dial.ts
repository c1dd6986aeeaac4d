import type { LookupAddress } from 'node:dns'
import { type BlockList, getDefaultAutoSelectFamily, isIP, type LookupFunction } from 'node:net'
import type {
  AddressKeeper,
  Answer,
  Connection,
  PoolRequest,
  ResolvedAddress,
} from '@holdfast/core'
import { monotonicNowMs } from '../clock.ts'
import { connectingHandleOf } from '../connecting-handle.ts'
import type { SocketCarrier } from '../socket-carrier.ts'
import { AttemptRace } from './attempt-race.ts'

/** What the caller has to say about how connections are dialled; each is an option of `net.connect`. */
export interface DialWishes {
  readonly lookup?: LookupFunction | undefined
  readonly localAddress?: string | null | undefined
  readonly localPort?: number | undefined
  readonly autoSelectFamily?: boolean | undefined
  readonly autoSelectFamilyAttemptTimeout?: number | undefined
  readonly blockList?: BlockList | undefined
}

/** Makes the option `lookup` of a socket that is dialled with these wishes. */
export type LookupFor = (wishes: DialWishes) => LookupFunction

/** How Node's `net.connect` is answered that has asked for addresses. */
export type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/** Node gives an attempt no less. */
const SHORTEST_ATTEMPT_MS = 10

/** Whether a dial with these wishes can lead to the address. */
const isUsableBy =
  ({ blockList, localAddress }: DialWishes) =>
  ({ address, family }: ResolvedAddress): boolean => {
    if (localAddress && isIP(localAddress) !== family) return false
    return !blockList?.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }

/** Where several addresses may be tried by one dial. */
const isRaced = ({ autoSelectFamily, localPort }: DialWishes): boolean =>
  !localPort && (autoSelectFamily ?? getDefaultAutoSelectFamily())

/** What a dial of a name is made of. */
export interface NamedDialOptions<Transport, Request extends PoolRequest> {
  readonly connection: Connection<Transport, Request>
  readonly addresses: AddressKeeper<Transport, Request>
  readonly host: string
  readonly wishes: DialWishes
  readonly attemptTimeoutMs: number
  /** Whether Node has asked for all addresses, or for one. */
  readonly isAll: boolean
  readonly callback: LookupCallback
}

/** One dial of a name, from the answer of the resolver on. */
export class NamedDial<Transport extends SocketCarrier, Request extends PoolRequest> {
  readonly #options: NamedDialOptions<Transport, Request>

  constructor(options: NamedDialOptions<Transport, Request>) {
    this.#options = options
  }

  /** The resolver has failed. */
  fail(error: Error): void {
    this.#options.callback(error, [])
  }

  /** The resolver has answered: the socket connects to one of the addresses. */
  begin(answer: Answer): void {
    const { addresses, connection, wishes } = this.#options
    // The dial was given up; its socket does not listen any more.
    if (connection.stateName !== 'connecting') return
    const order = addresses.dial(connection, answer, isUsableBy(wishes), monotonicNowMs())
    const first = order[0] as ResolvedAddress
    const connect = (): void => this.#answer(first)
    if (order.length === 1 || !isRaced(wishes)) connect()
    else this.#race(order, connect)
  }

  #answer({ address, family }: ResolvedAddress): void {
    const { callback, isAll } = this.#options
    if (isAll) callback(null, [{ address, family }])
    else callback(null, address, family)
  }

  #race(order: readonly ResolvedAddress[], connect: () => void): void {
    const { addresses, attemptTimeoutMs, connection, host, wishes } = this.#options
    const socket = connection.transport?.socket
    const handle = socket && connectingHandleOf(socket)
    if (handle === undefined) {
      connect()
      return
    }
    const race = new AttemptRace({
      socket: socket as NonNullable<typeof socket>,
      handle,
      host,
      addresses: order,
      attemptTimeoutMs: Math.max(
        SHORTEST_ATTEMPT_MS,
        wishes.autoSelectFamilyAttemptTimeout ?? attemptTimeoutMs,
      ),
      localAddress: wishes.localAddress ?? undefined,
      listener: {
        onFailed: (address) => addresses.attemptFailed(connection, address, monotonicNowMs()),
        onWon: (address) => addresses.connected(connection, address),
      },
    })
    race.run(connect)
  }
}
