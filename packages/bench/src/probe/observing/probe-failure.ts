import type { Target } from '../target.ts'
import type { NoAnswer } from './observation.ts'

/** Server that could not be asked at all; told in one line, and the exit code is 1. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure'
}

const CERTIFICATE = /CERT|SELF_SIGNED|ISSUER|LEAF_SIGNATURE/u

const DISTRUST =
  '--insecure probes it all the same, NODE_EXTRA_CA_CERTS names a certificate authority of your own'

type Tell = (target: Target) => string

const NO_TLS: Tell = ({ authority }) =>
  `${authority} does not speak TLS: http:// instead of https://?`
const NO_WAY: Tell = ({ authority }) => `there is no way to ${authority}`

const BY_CODE: ReadonlyMap<string, Tell> = new Map<string, Tell>([
  ['ECONNREFUSED', ({ authority }) => `nothing listens at ${authority}`],
  ['ENOTFOUND', ({ hostname }) => `there is no address for the name ${hostname}`],
  ['EAI_AGAIN', ({ hostname }) => `the name ${hostname} could not be looked up`],
  ['EHOSTUNREACH', NO_WAY],
  ['ENETUNREACH', NO_WAY],
  ['ETIMEDOUT', ({ authority }) => `${authority} did not accept a connection in time`],
  ['ECONNRESET', ({ authority }) => `${authority} reset the connection`],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', NO_TLS],
])

/** Failure of a connection that did not come about, for people. */
export function connectFailure(target: Target, error: unknown): ProbeFailure {
  const { code, message } = asCoded(error)
  const told = BY_CODE.get(code ?? '')?.(target)
  if (told !== undefined) return new ProbeFailure(`${told} (${code})`)
  if (code !== undefined && CERTIFICATE.test(code)) {
    return new ProbeFailure(
      `the certificate of ${target.authority} is not trusted (${code}); ${DISTRUST}`,
    )
  }
  return new ProbeFailure(`no connection to ${target.authority}: ${message}`)
}

/** Failure of a first request without a usable answer. */
export function unanswered({ url }: Target, result: NoAnswer | undefined): ProbeFailure {
  switch (result?.kind) {
    case 'fin':
      return new ProbeFailure(`${url} closed the connection without an answer`)
    case 'reset':
      return new ProbeFailure(`${url} reset the connection instead of answering`)
    case 'garbled':
      return new ProbeFailure(`${url} did not answer in HTTP/1 (${result.code})`)
    case 'upgraded':
      return new ProbeFailure(`${url} switched to another protocol, unasked (status 101)`)
    default:
      return new ProbeFailure(`${url} gave no complete answer in time`)
  }
}

interface Coded {
  readonly code: string | undefined
  readonly message: string
}

function asCoded(error: unknown): Coded {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) }
  const { code } = error as NodeJS.ErrnoException
  return { code, message: error.message }
}
