import { platform } from 'node:process'
import { describe, it, type TestContext } from 'node:test'
import { CLIENT_KINDS, type ClientKind } from './pooled-client.ts'

export type Scenario = (context: TestContext, create: ClientKind['create']) => Promise<void>

/**
 * Plays scenarios with everything that stands on the pool.
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
        it(name, { skip }, (context) => run(context as TestContext, create))
      }
    })
  }
}
