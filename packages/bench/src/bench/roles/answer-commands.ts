import process from 'node:process'
import type { Command, CommandKind, CommandOf, Reply, ReplyTo } from './messages.ts'

/** What a role can do. */
export type CommandHandlers = {
  readonly [K in CommandKind]?: (command: CommandOf<K>) => ReplyTo<K> | Promise<ReplyTo<K>>
}

/**
 * Makes this process a role: it does what the controller asks, and ends when the controller does,
 * or no longer wants it.
 *
 * @param cleanUp what has to happen before the end
 */
export function answerCommands(
  handlers: CommandHandlers,
  cleanUp: () => Promise<void> = () => Promise.resolve(),
): void {
  // An interrupt at the terminal reaches the whole group; the controller decides what follows.
  process.on('SIGINT', () => undefined)
  process.on('disconnect', () => {
    cleanUp().finally(() => process.exit())
  })
  process.on('message', (command: Command) => {
    answer(handlers, command).then(reply, (error: unknown) =>
      reply({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
    )
  })
}

async function answer(handlers: CommandHandlers, command: Command): Promise<Reply> {
  // The table says that handler and command have the same kind, which the compiler cannot follow.
  const handler = handlers[command.kind] as
    | ((command: Command) => Reply | Promise<Reply>)
    | undefined
  if (handler === undefined) throw new Error(`this role knows no command ${command.kind}`)
  return await handler(command)
}

function reply(message: Reply): void {
  // The controller may be gone; then `disconnect` ends this process.
  process.send?.(message, undefined, undefined, () => undefined)
}
