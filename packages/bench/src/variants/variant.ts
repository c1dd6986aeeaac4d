/** What an option of a client may be set to. */
export type OptionValue = number | boolean | string

/** A client under test and how it is set up; plain data, so that it can be sent and kept. */
export interface Variant {
  /** Unique within a run; what the user wrote, unless a config file gives a name. */
  readonly name: string
  /** One of the built-in clients, or `module`. */
  readonly client: string
  readonly options: Readonly<Record<string, OptionValue>>
}

/** What all others are compared with if the user names no other, and what runs twice. */
export const DEFAULT_BASELINE = 'node'
