import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { type KeyInput, WatchKeys } from './watch-keys.ts'

/** A terminal's input that remembers what was done to it. */
class Keyboard extends EventEmitter {
  readonly isTTY = true
  isRaw = false
  isFlowing = false

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw
  }

  resume(): void {
    this.isFlowing = true
  }

  pause(): void {
    this.isFlowing = false
  }

  press(keys: string): void {
    this.emit('data', Buffer.from(keys))
  }
}

it('hears what is pressed, and says so', () => {
  const keyboard = new Keyboard()
  const keys = new WatchKeys(keyboard as unknown as KeyInput)
  let changes = 0
  keys.onChange = () => {
    changes += 1
  }
  keyboard.press('p')
  keyboard.press('sz?\u001b[A')

  expect(keys.choices).toEqual({ isPaused: true, sortBy: 'timeWaits', hidesEmpty: true })
  expect(changes).toBe(3)
  keyboard.press('psz')
  expect(keys.choices).toEqual({ isPaused: false, sortBy: 'ports', hidesEmpty: false })
})

it.each(['q', '\u0003'])('quits upon %j', (key) => {
  const keyboard = new Keyboard()
  const keys = new WatchKeys(keyboard as unknown as KeyInput)
  expect(keys.quit.aborted).toBe(false)
  keyboard.press(key)

  expect(keys.quit.aborted).toBe(true)
})

it('gives the terminal back as it was', () => {
  const keyboard = new Keyboard()
  const keys = new WatchKeys(keyboard as unknown as KeyInput)
  expect(keyboard).toMatchObject({ isRaw: true, isFlowing: true })
  keys.end()

  expect(keyboard).toMatchObject({ isRaw: false, isFlowing: false })
  expect(keyboard.listenerCount('data')).toBe(0)
})
