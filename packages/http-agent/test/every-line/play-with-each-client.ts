import { platform } from 'node:process'
import { describe, it, type TestContext } from 'node:test'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { CLIENT_KINDS, type ClientKind } from './pooled-client.ts'

export type Scenario = (
  context: TestContext,
  create: ClientKind['create'],
  clock: FakeClock,
) => Promise<void>

/**
 * Plays scenarios with everything that stands on the pool, on a clock that only they have go on.
 *
 * @param linuxOnly Those that read /proc.
 */
export const playWithEachClient = (
  scenarios: Readonly<Record<string, Scenario>>,
  linuxOnly: ReadonlySet<string> = new Set(),
): void => {
  for (const { name: client, create } of CLIENT_KINDS) {
    describe(client, () => {
      for (const [name, run] of Object.entries(scenarios)) {
        const skip = linuxOnly.has(name) && platform !== 'linux' && 'reads /proc'
        it(name, { skip }, (context) => {
          const clock = fakeClock(context as TestContext)
          return run(context as TestContext, create, clock)
        })
      }
    })
  }
}
