import { it } from 'vitest'
import { NetworkNamespace } from '../../../../tests/network/network-namespace.ts'
import type { BlackHoleNews, BlackHolePlan } from '../every-line/black-hole-client.ts'
import { CompiledProcess, type NodeLine } from './compiled-process.ts'
import { PORT, startNode } from './load.ts'

type PassedOver = Extract<BlackHoleNews, { readonly type: 'passed over' }>

const LINES: readonly NodeLine[] = ['node', 'node24', 'node22', 'node20']

const DEAD = '127.0.0.2'
const ALIVE = ['127.0.0.3', '127.0.0.4'] as const

/** Drops what is sent to the dead address, and keeps the ports that dials came from. */
const BLACK_HOLE = `
  table ip hole {
    set dials { type inet_service; flags dynamic; }
    chain out {
      type filter hook output priority 0;
      ip daddr ${DEAD} tcp flags syn add @dials { tcp sport }
      ip daddr ${DEAD} drop
    }
  }`

/** Dials of the dead address that the kernel has seen, however often each was repeated. */
const dialsSeenIn = async (namespace: NetworkNamespace): Promise<number> => {
  const listed = await namespace.run('nft', ['-j', 'list', 'set', 'ip', 'hole', 'dials'])
  const { nftables } = JSON.parse(listed) as {
    readonly nftables: readonly { readonly set?: { readonly elem?: readonly unknown[] } }[]
  }
  return nftables.flatMap(({ set }) => set?.elem ?? []).length
}

const isVerdictOnDead = (each: BlackHoleNews): each is PassedOver =>
  each.type === 'passed over' && each.address === DEAD

/** Time for which an address is passed over at first. */
const FIRST_PASS_OVER_MS = 1000

const MORE = 20

it.for(LINES)(
  'a black hole among three addresses costs the first request one attempt, and later ones nothing, on %s',
  async (line, { expect }) => {
    await using namespace = await NetworkNamespace.create()
    await namespace.run('nft', [BLACK_HOLE])
    await using _server = await startNode(namespace)
    const plan: BlackHolePlan = { addresses: [DEAD, ...ALIVE], port: PORT, more: MORE }
    await using client = new CompiledProcess<readonly BlackHoleNews[]>(
      namespace,
      line,
      'black-hole-client',
      [JSON.stringify(plan)],
    )
    const news = await client.next()
    const answers = news.flatMap((each) => (each.type === 'answered' ? [each] : []))
    const firstAnswer = news.findIndex(({ type }) => type === 'answered')
    const attempts = news
      .slice(0, firstAnswer)
      .flatMap((each) => (each.type === 'attempt' ? [each] : []))
    const verdicts = news.filter(isVerdictOnDead)

    expect(attempts.slice(0, 2).map(({ address }) => address)).toEqual([DEAD, ALIVE[0]])
    expect(attempts.filter(({ address }) => address === DEAD)).toHaveLength(1)
    expect(answers).toHaveLength(1 + MORE)
    // The verdict on the address comes before the first request ends, and with it before any other dial.
    expect(verdicts[0]).toMatchObject({ forMs: FIRST_PASS_OVER_MS })
    expect(news.indexOf(verdicts[0] as BlackHoleNews)).toBeLessThan(firstAnswer)
    // On a busy machine its time may be up: then one dial at a time finds out whether it is back.
    const { atMs, forMs } = verdicts.at(-1) as PassedOver
    const isOnTrial = (answers.at(-1)?.atMs ?? 0) >= atMs + forMs
    expect(await dialsSeenIn(namespace)).toBeLessThanOrEqual(verdicts.length + Number(isOnTrial))
  },
)
