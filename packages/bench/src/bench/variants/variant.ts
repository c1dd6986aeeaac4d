import type { LooseValues } from '../../cli/spec.ts'

/** Client under test with its options; plain data, so that it can be sent and stored. */
export interface Variant {
  /** Name, unique within a run: the text that the user wrote, unless a config file names it. */
  readonly name: string
  /** Built-in client, or the URL of a module that exports one. */
  readonly client: string
  readonly options: LooseValues
}

/** Whether the client is a module of the user's. */
export function isModule(client: string): boolean {
  return client.startsWith('file:')
}
