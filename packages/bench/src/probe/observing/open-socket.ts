import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import net from 'node:net'
import process from 'node:process'
import tls from 'node:tls'
import type { Target } from '../target.ts'
import type { Addresses } from './look-up.ts'
import { connectFailure } from './probe-failure.ts'

export interface TlsWish {
  /** Protocols offered to the server, the preferred one first. */
  readonly protocols: readonly string[]
  /** Session to resume. */
  readonly session: Buffer | undefined
}

/** Only protocol that the probe speaks. */
export const HTTP_1_ALONE: TlsWish = { protocols: ['http/1.1'], session: undefined }

/** Least time of an attempt that Node takes. */
const LEAST_ATTEMPT_MS = 10

/**
 * Opens a socket to the first of the addresses that takes it and, where the target wants it, secures it. It stays writable after the peer's
 * FIN, so that the fate of a late request can be seen. Each address gets its part of the time
 * limit. For TLS, the name stays the name.
 *
 * @throws ProbeFailure where no connection comes about
 */
export async function openSocket(
  target: Target,
  addresses: Addresses,
  { protocols, session }: TlsWish,
  signal: AbortSignal,
): Promise<net.Socket> {
  const { hostname: host, port, isSecure, timeoutMs } = target
  const plain = {
    host,
    port,
    allowHalfOpen: true,
    lookup: answerWith(addresses),
    autoSelectFamilyAttemptTimeout: Math.max(
      LEAST_ATTEMPT_MS,
      Math.floor(timeoutMs / addresses.length),
    ),
  }
  const secure: tls.ConnectionOptions = {
    ...plain,
    rejectUnauthorized: target.verifiesCertificate,
    // biome-ignore lint/style/useNamingConvention: the name is Node's.
    ALPNProtocols: [...protocols],
    ...(net.isIP(host) === 0 && { servername: host }),
    ...(session !== undefined && { session }),
  }
  const socket = isSecure ? tls.connect(secure) : net.connect(plain)
  const late = AbortSignal.timeout(timeoutMs)
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', {
      signal: AbortSignal.any([signal, late]),
    })
    return socket
  } catch (error) {
    socket.on('error', () => undefined).destroy()
    if (signal.aborted) throw error
    throw connectFailure(target, late.aborted ? timedOut() : error)
  }
}

/** Resolver that answers any question with the addresses. */
function answerWith(addresses: Addresses): net.LookupFunction {
  return (_name, { all }, callback) => {
    process.nextTick(() => {
      if (all === true) callback(null, addresses.map(asAnswer))
      else callback(null, addresses[0], net.isIP(addresses[0]))
    })
  }
}

const asAnswer = (address: string): LookupAddress => ({ address, family: net.isIP(address) })

function timedOut(): Error {
  return Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })
}
