import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { it, type TestContext } from 'node:test'
import { KeepAliveDispatcher } from '@holdfast/http-agent/undici'
import { playWithEachHandler, type Setting, Stage } from './dispatcher-stage.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { passSilence, silenceUntilBroken, TIMEOUT_MS } from './pass-silence.ts'
import { OK, type RawArrival, type RawServer, serveRaw } from './raw-server.ts'
import type { Recorder } from './recording-handler.ts'
import { turnUntil } from './turn.ts'
import { UNDICI_VERSIONS } from './undici-versions.ts'

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'
const LARGE = 40_000_000

interface Scene {
  readonly clock: FakeClock
  readonly server: RawServer
  readonly stage: Stage
  readonly port: number
}

const ignore = (): void => undefined

const begin = async (
  context: TestContext,
  setting: Setting,
  behave: (arrival: RawArrival) => void = ignore,
): Promise<Scene> => {
  const server = await serveRaw(context, false, behave)
  const clock = fakeClock(context)
  const stage = new Stage(context, setting, { policy: { responseTimeoutMs: TIMEOUT_MS } })
  return { clock, server, stage, port: server.port }
}

/** The error that the handler hears of last, as that of a promise. */
const failureOf = async ({ done, heard }: Recorder): Promise<void> => {
  await done
  throw new Error(String(heard.at(-1)?.[1]))
}

const namesOf = ({ heard }: Recorder): string[] => heard.map(([what]) => what)

const expectTimeout = async ({ clock, port }: Scene, recorder: Recorder): Promise<void> => {
  const { error } = await silenceUntilBroken(clock, failureOf(recorder))
  const name = `http://127.0.0.1:${port}`
  assert.equal(error.message, `nothing was heard from ${name} for ${TIMEOUT_MS} ms`)
}

playWithEachHandler({
  'fails with one error, before its response': async (context, setting) => {
    const scene = await begin(context, setting)
    const recorder = scene.stage.send(scene.port)
    await expectTimeout(scene, recorder)
    assert.deepEqual(namesOf(recorder), ['start', 'error'])
    assert.equal((await scene.stage.settled()).closes.response_timeout, 1)
  },

  'fails with one error, within its response': async (context, setting) => {
    const scene = await begin(context, setting, ({ socket }) => socket.write(`${HEAD}part`))
    const recorder = scene.stage.send(scene.port)
    await expectTimeout(scene, recorder)
    assert.deepEqual(namesOf(recorder), ['start', 'response', 'data', 'error'])
  },

  'is left alone while its handler has paused the response, and no longer': async (
    context,
    setting,
  ) => {
    const scene = await begin(context, setting, ({ socket }) => socket.write(`${HEAD}part`))
    let isPausing = true
    const recorder = scene.stage.send(scene.port, {}, { data: () => !isPausing })
    await turnUntil(() => recorder.heard.length === 3)
    await passSilence(scene.clock, 10 * TIMEOUT_MS)
    assert.deepEqual(namesOf(recorder), ['start', 'response', 'data'])
    isPausing = false
    recorder.resume()
    await expectTimeout(scene, recorder)
  },

  'is left alone while it was paused at its head, with a body to read': async (
    context,
    setting,
  ) => {
    const scene = await begin(context, setting, ({ socket }) => socket.write(`${HEAD}long last`))
    const recorder = scene.stage.send(scene.port, {}, { response: () => false })
    await turnUntil(() => recorder.heard.length === 2)
    await passSilence(scene.clock, 10 * TIMEOUT_MS)
    recorder.resume()
    await recorder.done
    assert.deepEqual(namesOf(recorder).at(-1), 'end')
  },

  'is left alone once it is upgraded': async (context, setting) => {
    const scene = await begin(context, setting, ({ socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: a\r\n\r\n')
    })
    const recorder = scene.stage.send(scene.port, { upgrade: 'a' })
    await recorder.done
    await passSilence(scene.clock, 10 * TIMEOUT_MS)
    assert.equal(recorder.socket()?.destroyed, false)
    recorder.socket()?.destroy()
  },

  'is left alone while its caller still produces its body': async (context, setting) => {
    const scene = await begin(context, setting, ({ socket }) => socket.write(OK))
    const body = new PassThrough()
    const recorder = scene.stage.send(scene.port, { method: 'POST', body })
    body.write('first')
    await turnUntil(() => scene.server.sockets.size === 1)
    await passSilence(scene.clock, 10 * TIMEOUT_MS)
    assert.deepEqual(namesOf(recorder), ['start'])
    body.end('last')
    await recorder.done
    assert.equal(namesOf(recorder).at(-1), 'end')
  },

  'fails where the peer takes no more of its body': async (context, setting) => {
    const scene = await begin(context, setting)
    scene.server.onConnection = (socket: Socket) => socket.pause()
    const body = Buffer.alloc(LARGE, 'x')
    await expectTimeout(scene, scene.stage.send(scene.port, { method: 'POST', body }))
  },

  'fails where the peer takes no more of a body that is still being produced': async (
    context,
    setting,
  ) => {
    const scene = await begin(context, setting)
    scene.server.onConnection = (socket: Socket) => socket.pause()
    const body = new PassThrough()
    body.write(Buffer.alloc(LARGE, 'x'))
    await expectTimeout(scene, scene.stage.send(scene.port, { method: 'POST', body }))
  },
})

for (const { name, undici } of UNDICI_VERSIONS) {
  it(`fetch of ${name} tells the error as a cause`, async (context) => {
    const server = await serveRaw(context, false, ignore)
    const clock = fakeClock(context)
    const policy = { responseTimeoutMs: TIMEOUT_MS }
    const dispatcher = new KeepAliveDispatcher({ undici, policy })
    context.after(() => dispatcher.destroy())
    const { fetch } = undici
    const fetched = fetch(`http://127.0.0.1:${server.port}`, { dispatcher: dispatcher as never })
    const { error } = await silenceUntilBroken(clock, fetched)
    assert.equal(error.message, 'fetch failed')
    assert.equal((error.cause as NodeJS.ErrnoException).code, 'ERR_HOLDFAST_RESPONSE_TIMEOUT')
  })
}
