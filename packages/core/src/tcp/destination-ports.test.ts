import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PortEvent } from '../connection/events.ts'
import { type Destination, DestinationPorts } from './destination-ports.ts'
import type { TimeWaitHolder } from './tcp-views.ts'
import { TimeWaitLedger } from './time-wait-ledger.ts'

const PORTS = 200
const NEARLY_ALL = 160
const RECOVERED_BELOW = 120
const TIME_WAIT_MS = 60_000

const createPorts = (): { ports: DestinationPorts; events: PortEvent[] } => {
  const events: PortEvent[] = []
  const ledger = new TimeWaitLedger({ firstPort: 40_000, lastPort: 40_000 + PORTS - 1 })
  const ports = new DestinationPorts(ledger, (event) => events.push(event))
  return { ports, events }
}

const openAndClose = (ports: DestinationPorts, count: number, nowMs: number): void => {
  for (let index = 0; index < count; index++) ports.close(ports.open('a', nowMs), 'local', nowMs)
}

describe('the ports of a destination', () => {
  it('are nearly used up at four fifths of them, TIME_WAITs and open connections together', () => {
    const { ports, events } = createPorts()
    openAndClose(ports, NEARLY_ALL - 10, 0)
    const open = Array.from({ length: 9 }, () => ports.open('a', 1))
    expect(open[0]?.isNearlyExhausted).toBe(false)
    expect(events).toEqual([])
    expect(ports.open('a', 2).isNearlyExhausted).toBe(true)
    expect(open[0]?.isNearlyExhausted).toBe(true)
    expect(events).toEqual([
      {
        type: 'ports:nearly_exhausted',
        destination: 'a',
        atMs: 2,
        open: 10,
        timeWaits: NEARLY_ALL - 10,
        ports: PORTS,
      },
    ])
  })

  it('recover when TIME_WAITs are over, which is told once, by the deadline', () => {
    const { ports, events } = createPorts()
    openAndClose(ports, NEARLY_ALL, 0)
    expect(events).toMatchObject([{ type: 'ports:nearly_exhausted' }])
    expect(ports.nextDeadlineMs).toBe(TIME_WAIT_MS)
    ports.advance(TIME_WAIT_MS - 1)
    expect(events).toHaveLength(1)
    ports.advance(TIME_WAIT_MS)
    ports.advance(TIME_WAIT_MS + 1)
    expect(events.slice(1)).toEqual([
      {
        type: 'ports:recovered',
        destination: 'a',
        atMs: TIME_WAIT_MS,
        open: 0,
        timeWaits: 0,
        ports: PORTS,
      },
    ])
    expect(ports.nextDeadlineMs).toBe(Number.POSITIVE_INFINITY)
    expect(ports.destinationCount).toBe(0)
  })

  it('recover below three quarters of what made them scarce, and not before', () => {
    const { ports, events } = createPorts()
    const open = Array.from({ length: NEARLY_ALL }, () => ports.open('a', 0))
    while (open.length > RECOVERED_BELOW) ports.close(open.pop() as Destination, 'peer', 1)
    expect(open[0]?.isNearlyExhausted).toBe(true)
    ports.close(open.pop() as Destination, 'peer', 2)
    expect(open[0]?.isNearlyExhausted).toBe(false)
    expect(events.map(({ type }) => type)).toEqual(['ports:nearly_exhausted', 'ports:recovered'])
  })

  it('are not held by connections whose TIME_WAIT is elsewhere', () => {
    const { ports } = createPorts()
    for (const holder of ['peer', 'neither', 'unknown'] as const) {
      ports.close(ports.open('a', 0), holder, 0)
    }
    ports.close(ports.open('a', 0), 'both', 0)
    expect(ports.usage(0)).toEqual({ ports: PORTS, open: 0, timeWaits: 1, nearlyExhausted: [] })
  })

  it('do not concern another destination', () => {
    const { ports } = createPorts()
    openAndClose(ports, NEARLY_ALL, 0)
    expect(ports.open('a', 0).isNearlyExhausted).toBe(true)
    expect(ports.open('b', 0).isNearlyExhausted).toBe(false)
    expect(ports.usage(0).nearlyExhausted).toEqual(['a'])
  })
})

it('forgets ten thousand destinations that are gone', () => {
  const { ports } = createPorts()
  for (let index = 0; index < 10_000; index++) {
    ports.close(ports.open(`10.0.0.1:${index}`, index), 'local', index)
  }
  expect(ports.destinationCount).toBe(0)
  expect(ports.usage(10_000).timeWaits).toBe(10_000)
  expect(ports.usage(10_000 + TIME_WAIT_MS)).toEqual({
    ports: PORTS,
    open: 0,
    timeWaits: 0,
    nearlyExhausted: [],
  })
})

interface Step {
  readonly name: string
  readonly afterMs: number
  /** Left out where a connection is opened. */
  readonly holder: TimeWaitHolder | undefined
}

const NAMES = ['a', 'b', 'c'] as const

const step: fc.Arbitrary<Step> = fc.record({
  name: fc.constantFrom(...NAMES),
  afterMs: fc.nat(2000),
  holder: fc.option(fc.constantFrom('local', 'peer', 'neither'), { nil: undefined }),
})

/** Ten ports, counted as the class under test counts them and, beside it, by looking at every one. */
class Walk {
  readonly events: PortEvent[] = []
  readonly ports: DestinationPorts = new DestinationPorts(
    new TimeWaitLedger({ firstPort: 1, lastPort: 10, timeWaitMs: 10_000 }),
    (event) => this.events.push(event),
  )
  readonly #open: Destination[] = []
  readonly #timeWaits: { readonly name: string; readonly endsAtMs: number }[] = []
  nowMs = 0

  take({ name, afterMs, holder }: Step): void {
    this.nowMs += afterMs
    const index = this.#open.findIndex((destination) => destination.name === name)
    if (holder === undefined || index === -1) {
      this.#open.push(this.ports.open(name, this.nowMs))
      return
    }
    this.ports.close(this.#open.splice(index, 1)[0] as Destination, holder, this.nowMs)
    if (holder === 'local') this.#timeWaits.push({ name, endsAtMs: this.nowMs + 10_000 })
  }

  isFull(name: string): boolean {
    const open = this.#open.filter((destination) => destination.name === name)
    const timeWaits = this.#timeWaits.filter(
      (timeWait) => timeWait.name === name && timeWait.endsAtMs > this.nowMs,
    )
    return open.length + timeWaits.length >= 8
  }

  /** Whether the destination was nearly exhausted by the last that was told of it. */
  wasToldOf(name: string): boolean {
    const told = this.events.filter(({ destination }) => destination === name)
    for (const [index, { type }] of told.entries()) {
      expect(type).toBe(index % 2 === 0 ? 'ports:nearly_exhausted' : 'ports:recovered')
    }
    return told.length % 2 === 1
  }
}

it('holds no fewer ports than a naive count, and tells each change once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const walk = new Walk()
      for (const next of steps) {
        walk.take(next)
        const { nearlyExhausted } = walk.ports.usage(walk.nowMs)
        expect(nearlyExhausted).toEqual(
          expect.arrayContaining(NAMES.filter((name) => walk.isFull(name))),
        )
        expect(new Set(nearlyExhausted)).toEqual(
          new Set(NAMES.filter((name) => walk.wasToldOf(name))),
        )
      }
    }),
  )
})
