import process from 'node:process'

/** Order of the destinations. */
export type SortOrder = 'ports' | 'timeWaits'

/** Choices of a person at the terminal. */
export interface WatchChoices {
  readonly isPaused: boolean
  readonly sortBy: SortOrder
  /** Whether states without connections are left out. */
  readonly hidesEmpty: boolean
}

const CONTROL_C = '\u0003'

/** Effect of each key on the choices; other keys do nothing. */
const KEYS: Readonly<Record<string, (choices: WatchChoices) => Partial<WatchChoices>>> = {
  p: ({ isPaused }) => ({ isPaused: !isPaused }),
  s: ({ sortBy }) => ({ sortBy: sortBy === 'ports' ? 'timeWaits' : 'ports' }),
  z: ({ hidesEmpty }) => ({ hidesEmpty: !hidesEmpty }),
}

/** Part of a terminal's input that single keys need. */
export interface KeyInput {
  readonly isTTY?: boolean
  readonly setRawMode: (isRaw: boolean) => unknown
  readonly on: (event: 'data', listener: (data: Buffer) => void) => unknown
  readonly off: (event: 'data', listener: (data: Buffer) => void) => unknown
  readonly resume: () => unknown
  readonly pause: () => unknown
}

/** Reads keys while somebody watches, and restores the terminal afterwards. */
export class WatchKeys {
  choices: WatchChoices = { isPaused: false, sortBy: 'ports', hidesEmpty: false }
  /** Called when the choices have changed. */
  onChange: () => void = () => undefined
  readonly #input: KeyInput
  readonly #quit = new AbortController()
  readonly #read = (data: Buffer): void => {
    for (const key of data.toString('latin1')) this.#press(key)
  }

  constructor(input: KeyInput = process.stdin) {
    this.#input = input
    if (input.isTTY !== true) return
    input.setRawMode(true)
    input.on('data', this.#read)
    input.resume()
  }

  /** Aborted when the person wants to quit. */
  get quit(): AbortSignal {
    return this.#quit.signal
  }

  end(): void {
    if (this.#input.isTTY !== true) return
    this.#input.off('data', this.#read)
    this.#input.setRawMode(false)
    this.#input.pause()
  }

  #press(key: string): void {
    if (key === 'q' || key === CONTROL_C) this.#quit.abort()
    const change = Object.hasOwn(KEYS, key) ? KEYS[key]?.(this.choices) : undefined
    if (change === undefined) return
    this.choices = { ...this.choices, ...change }
    this.onChange()
  }
}
