import process from 'node:process'
import type { Command, CommandKind, CommandOf, Reply, ReplyTo } from './messages.ts'

/** Functions of a role, by command. */
export type CommandHandlers = {
  readonly [K in CommandKind]?: (command: CommandOf<K>) => ReplyTo<K> | Promise<ReplyTo<K>>
}

/**
 * Makes this process a role: it answers the controller's commands, and ends when told to or when
 * the controller is gone.
 *
 * @param cleanUp runs before the end
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
  // The table guarantees that handler and command are of one kind; the compiler cannot follow that.
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
