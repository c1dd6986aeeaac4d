import type { LooseValues } from '../../cli/spec.ts'

/** A client under test and how it is set up; plain data, so that it can be sent and kept. */
export interface Variant {
  /** Unique within a run; what the user wrote, unless a config file gives a name. */
  readonly name: string
  /** One of the built-in clients, or the URL of a module that exports one. */
  readonly client: string
  readonly options: LooseValues
}

/** Whether a variant's client is a module of the user's. */
export function isModule(client: string): boolean {
  return client.startsWith('file:')
}
