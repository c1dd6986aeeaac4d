import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { TestContext } from 'node:test'
import { DIAGNOSTICS_CHANNELS, type DiagnosticsMessage } from '@holdfast/http-agent'

/** What is published while the test lasts. */
export const listenTo = <Type extends keyof typeof DIAGNOSTICS_CHANNELS>(
  context: TestContext,
  ...types: Type[]
): DiagnosticsMessage<Type>[] => {
  const messages: DiagnosticsMessage<Type>[] = []
  const onMessage = (message: unknown): void => {
    messages.push(message as DiagnosticsMessage<Type>)
  }
  for (const type of types) {
    subscribe(DIAGNOSTICS_CHANNELS[type], onMessage)
    context.after(() => unsubscribe(DIAGNOSTICS_CHANNELS[type], onMessage))
  }
  return messages
}
