import { fileURLToPath } from 'node:url'

const inPackage = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/**
 * Certificate for 127.0.0.1 and its key. Both are published with this package, so they prove
 * nothing, and only the processes of a run trust them.
 */
export const LOOPBACK_CERTIFICATE: {
  readonly certificateFile: string
  readonly keyFile: string
} = {
  certificateFile: inPackage('tls/loopback.crt'),
  keyFile: inPackage('tls/loopback.key'),
}
