import { readFileSync } from 'node:fs'

/** Text of a file below /proc or /sys; null on systems, and in sandboxes, without it. */
export function readLinuxFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
