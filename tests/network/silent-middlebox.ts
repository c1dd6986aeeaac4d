import { NetworkNamespace } from './network-namespace.ts'

const CLIENT = { address: '10.81.0.2', gateway: '10.81.0.1' }
const SERVER = { address: '10.82.0.2', gateway: '10.82.0.1' }

/** Lays a cable between a host and the router, and lets the host send everything through it. */
const connect = async (
  host: NetworkNamespace,
  router: NetworkNamespace,
  port: string,
  { address, gateway }: typeof CLIENT,
): Promise<void> => {
  const peer = ['peer', 'name', port, 'netns', `${router.pid}`]
  await host.run('ip', ['link', 'add', 'eth0', 'type', 'veth', ...peer])
  await host.run('ip', ['addr', 'add', `${address}/24`, 'dev', 'eth0'])
  await host.run('ip', ['link', 'set', 'eth0', 'up'])
  await router.run('ip', ['addr', 'add', `${gateway}/24`, 'dev', port])
  await router.run('ip', ['link', 'set', port, 'up'])
  await host.run('ip', ['route', 'add', 'default', 'via', gateway])
}

/**
 * A client, a server, and a router between them that can forget connections without a word, as
 * firewalls, NAT gateways and load balancers do.
 */
export class SilentMiddlebox implements AsyncDisposable {
  readonly client: NetworkNamespace
  readonly server: NetworkNamespace
  /** Where the client finds the server. */
  readonly serverAddress: string = SERVER.address
  readonly #router: NetworkNamespace

  private constructor(
    client: NetworkNamespace,
    server: NetworkNamespace,
    router: NetworkNamespace,
  ) {
    this.client = client
    this.server = server
    this.#router = router
  }

  static async create(): Promise<SilentMiddlebox> {
    const [client, server, router] = await Promise.all([
      NetworkNamespace.create(),
      NetworkNamespace.create(),
      NetworkNamespace.create({ ip_forward: 1 }),
    ])
    await connect(client, router, 'eth0', CLIENT)
    await connect(server, router, 'eth1', SERVER)
    await router.run('nft', ['add', 'table', 'ip', 'box'])
    const hook = '{ type filter hook forward priority 0; }'
    await router.run('nft', ['add', 'chain', 'ip', 'box', 'forward', hook])
    return new SilentMiddlebox(client, server, router)
  }

  /** Drops every further packet of the connections that there are; later ones are not concerned. */
  async forget(): Promise<void> {
    const ports = (await this.client.connections())
      .filter(({ state }) => state === 'ESTABLISHED')
      .map(({ localPort }) => localPort)
    const set = `{ ${ports.join(', ')} }`
    for (const end of ['sport', 'dport']) {
      const rule = ['ip', 'box', 'forward', 'tcp', end, set, 'drop']
      await this.#router.run('nft', ['add', 'rule', ...rule])
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [this.client, this.server, this.#router].map((one) => one[Symbol.asyncDispose]()),
    )
  }
}
