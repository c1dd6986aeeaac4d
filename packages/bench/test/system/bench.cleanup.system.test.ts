import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { it } from 'vitest'
import { seededRandom } from '../../src/statistics/seeded-random.ts'
import { descendantsOf, startHoldfast, untilEnded } from '../holdfast-process.ts'

const ARGS = ['bench', '--blocks', '1000', '--slice-ms', '50', '--variant', 'short']

/** Time long enough to be anywhere: start, warm-up, slices. */
const LONGEST_MS = 4000

const random = seededRandom(20_261_125)

/** Signals at arbitrary points. */
const POINTS = (['SIGINT', 'SIGTERM', 'SIGKILL'] as const).flatMap((signal) =>
  ['nginx', 'apache', 'haproxy'].flatMap((upstream) =>
    ['auto', 'none'].map(
      (isolation) => [signal, upstream, isolation, Math.round(random() * LONGEST_MS)] as const,
    ),
  ),
)

const temporaryFiles = (): string[] =>
  [os.tmpdir(), '/dev/shm'].flatMap((directory) =>
    readdirSync(directory).filter((name) =>
      ['holdfast-nginx-', 'holdfast-apache-', 'holdfast-haproxy-'].some((prefix) =>
        name.startsWith(prefix),
      ),
    ),
  )

/** Network namespaces of all processes. */
function networkNamespaces(): Set<string> {
  const pids = readdirSync('/proc').filter((name) => Number.isInteger(Number(name)))
  return new Set(
    pids.flatMap((pid) => {
      try {
        // Of a process that has ended, only its exit status is left.
        if (readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) return []
        return [readlinkSync(`/proc/${pid}/ns/net`)]
      } catch {
        return []
      }
    }),
  )
}

it.each(POINTS)(
  'leaves nothing behind after %s with %s, isolation %s, in millisecond %i',
  async (signal, upstream, isolation, afterMs) => {
    const filesBefore = new Set(temporaryFiles())
    const child = startHoldfast([...ARGS, '--upstream', upstream, '--isolation', isolation])
    const exit = once(child, 'exit')
    await sleep(afterMs)
    const namespaces = new Set(
      descendantsOf(child.pid ?? Number.NaN).flatMap((pid) => {
        try {
          return [readlinkSync(`/proc/${pid}/ns/net`)]
        } catch {
          return []
        }
      }),
    )
    namespaces.delete(readlinkSync('/proc/self/ns/net'))
    const descendants = descendantsOf(child.pid ?? Number.NaN)
    child.kill(signal)
    await exit

    await untilEnded(descendants)
    // A process that had just been started may not have been seen; it has no namespace to live in.
    const isLeft = (): boolean => {
      const living = networkNamespaces()
      return (
        temporaryFiles().some((name) => !filesBefore.has(name)) ||
        [...namespaces].some((each) => living.has(each))
      )
    }
    while (isLeft()) await sleep(50)
  },
)
