import { fileURLToPath } from 'node:url'

const inPackage = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/**
 * A certificate for 127.0.0.1, and its key. Both are published with this package, so that they prove
 * nothing, and nothing but the processes of a run trusts them.
 */
export const LOOPBACK_CERTIFICATE: {
  readonly certificateFile: string
  readonly keyFile: string
} = {
  certificateFile: inPackage('tls/loopback.crt'),
  keyFile: inPackage('tls/loopback.key'),
}
