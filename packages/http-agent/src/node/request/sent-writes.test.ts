import { describe, expect, it, vi } from 'vitest'
import { SentWrites } from './sent-writes.ts'

const spares = { save: (): boolean => true }
const sparesNot = { save: (): boolean => false }

describe('what a request has written', () => {
  it('comes back as it was written, with the callbacks that have not been called', () => {
    const sent = new SentWrites(spares).begin(true, true)
    const onEnd = vi.fn()
    sent.remember('head', 'latin1', null)
    sent.remember('body', 'utf8', onEnd)
    expect(sent.take()).toEqual([
      { data: 'head', encoding: 'latin1', callback: null },
      { data: 'body', encoding: 'utf8', callback: onEnd },
    ])
  })

  it.each([1, 2])('is told of a failure by write %i where nobody spares it that', (number) => {
    const sent = new SentWrites(sparesNot).begin(true, true)
    const failure = new Error('reset')
    const onWritten = vi.fn()
    for (let before = 1; before < number; before++) sent.remember('a', 'latin1', null)
    sent.remember('b', 'latin1', onWritten)?.(failure)
    expect(onWritten).toHaveBeenCalledExactlyOnceWith(failure)
  })

  it.each([1, 2])('does not hear of a failure of write %i that it is spared', (number) => {
    const sent = new SentWrites(spares).begin(true, true)
    const onWritten = vi.fn()
    for (let before = 1; before < number; before++) sent.remember('a', 'latin1', null)
    sent.remember('b', 'latin1', onWritten)?.(new Error('reset'))
    expect(onWritten).not.toHaveBeenCalled()
  })

  it('can be written again unless it was forgotten', () => {
    const sent = new SentWrites(spares).begin(true, true)
    sent.remember('head', 'latin1', null)
    expect(sent.isKept).toBe(true)
    sent.forget()
    expect(sent.isKept).toBe(false)
  })

  it('is forgotten once it has been passed on, where it may not be sent twice', () => {
    const sent = new SentWrites(spares).begin(true, false)
    const settle = sent.remember('head', 'latin1', () => undefined)
    sent.dispatched(true)
    expect([sent.isRefused, sent.isKept]).toEqual([true, false])
    settle?.(null)
    expect(sent.isRefused).toBe(false)
  })

  it('is forgotten where it is long and still being produced', () => {
    const streamed = new SentWrites(spares).begin(false, true)
    const buffered = new SentWrites(spares).begin(true, true)
    for (const sent of [streamed, buffered]) sent.remember('x'.repeat(65_537), 'latin1', null)
    expect([streamed.isKept, buffered.isKept]).toEqual([false, true])
  })
})

describe('the next request of the socket', () => {
  it('begins with nothing written, refused or forgotten', () => {
    const sent = new SentWrites(spares).begin(true, true)
    sent.remember('a', 'latin1', null)
    sent.remember('b', 'latin1', null)
    sent.dispatched(true)
    sent.forget()
    sent.begin(true, true)
    expect([sent.isRefused, sent.isKept, sent.take()]).toEqual([false, true, []])
  })

  it('takes no callback of the one before for its own', () => {
    const sent = new SentWrites(spares).begin(true, true)
    const settle = sent.remember('a', 'latin1', () => undefined)
    expect(sent.isReusable).toBe(false)
    settle?.(null)
    expect(sent.isReusable).toBe(true)
  })

  it('writes to another socket where what was written has been taken', () => {
    const sent = new SentWrites(spares).begin(true, true)
    sent.remember('a', 'latin1', null)
    sent.take()
    expect(sent.isReusable).toBe(false)
  })
})
