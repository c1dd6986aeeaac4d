import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import type { Target } from '../target.ts'
import { connectFailure } from './probe-failure.ts'

export interface TlsWish {
  /** Protocols offered to the server, the preferred one first. */
  readonly protocols: readonly string[]
  /** Session to resume. */
  readonly session: Buffer | undefined
}

/** Only protocol that the probe speaks. */
export const HTTP_1_ALONE: TlsWish = { protocols: ['http/1.1'], session: undefined }

/**
 * Opens a socket and, where the target wants it, secures it. It stays writable after the peer's
 * FIN, so that the fate of a late request can be seen.
 *
 * @throws ProbeFailure where no connection comes about
 */
export async function openSocket(
  target: Target,
  { protocols, session }: TlsWish,
  signal: AbortSignal,
): Promise<net.Socket> {
  const { hostname: host, port, isSecure } = target
  const plain = { host, port, allowHalfOpen: true }
  const secure: tls.ConnectionOptions = {
    ...plain,
    rejectUnauthorized: target.verifiesCertificate,
    // biome-ignore lint/style/useNamingConvention: the name is Node's.
    ALPNProtocols: [...protocols],
    ...(net.isIP(host) === 0 && { servername: host }),
    ...(session !== undefined && { session }),
  }
  const socket = isSecure ? tls.connect(secure) : net.connect(plain)
  const late = AbortSignal.timeout(target.timeoutMs)
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

function timedOut(): Error {
  return Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })
}
