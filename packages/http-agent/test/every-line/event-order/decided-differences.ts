/** Orders of events that differ from those of Node's agents. */
export interface OrderDifference {
  /** The scenarios that it concerns, by their names; each of them has to differ so. */
  readonly scenarios: RegExp
  /** The lines of Node on which it is so; all of them unless it is set. */
  readonly lines?: readonly number[]
  /**
   * What Node's agent shows where the two differ. `*` at the end of an entry stands for what depends on
   * the scenario, `…` for entries that have nothing to do with it.
   */
  readonly node: readonly string[]
  /** What ours shows instead. */
  readonly ours: readonly string[]
}

/** What differs by intention, and why. */
export interface DecidedDifference {
  readonly title: string
  readonly why: string
  readonly differences: readonly OrderDifference[]
}

/** Every order of events in which our agents differ from Node's. Whatever is not here is the same. */
export const DECIDED_DIFFERENCES: readonly DecidedDifference[] = [
  {
    title: 'The last response of a connection',
    why: 'The peer closes first, so that it holds TIME_WAIT. The request is over without waiting for that; with Node its `close` comes with that of its socket, which Node ends itself.',
    differences: [
      {
        scenarios: /(?:last by the server.*|last by the client|last by max.*|without keepAlive)$/u,
        node: ['socket 1 finish', 'socket 1 close', 'it close'],
        ours: ['it close', 'socket 1 end', 'socket 1 close'],
      },
      {
        scenarios: /last by the client, and the server only closes$/u,
        lines: [20],
        node: ['socket 1 finish'],
        ours: [],
      },
      {
        scenarios: /last by the client, and the server only closes$/u,
        lines: [22, 24, 26],
        node: [],
        ours: ['socket 1 end'],
      },
    ],
  },
  {
    title: 'A request that is queued behind the last one of a connection',
    why: 'The same; and the fresh socket that the queued request gets has never been in use, so that only the agent says that it is free.',
    differences: [
      {
        scenarios: /queued behind the last one of a connection$/u,
        node: ['socket 1 finish', 'socket 1 close', 'socket 2 free', 'agent free', 'first close'],
        ours: ['first close', 'socket 1 end', 'socket 1 close', 'agent free'],
      },
    ],
  },
  {
    title: 'A request that is given up before it has got the socket that is dialled for it',
    why: 'Its dial ends with it. Node 24 and 26 go on dialling, and keep the connection for others, who may never come; Node 20 and 22 end it, too, and yet say that it is free.',
    differences: [
      {
        scenarios: /on a fresh connection, .* at once$/u,
        lines: [20, 22],
        node: ['agent free'],
        ours: [],
      },
      {
        scenarios: /on a fresh connection, (?:destroy|a signal).* at once$/u,
        lines: [24, 26],
        node: [
          'agent free',
          'it error *',
          'it close',
          '(next tick of it)',
          'socket 1 connect',
          '…',
        ],
        ours: ['it error *', 'it close', '(next tick of it)', 'socket 1 close'],
      },
      {
        scenarios: /on a fresh connection, abort\(\) at once$/u,
        lines: [24, 26],
        node: ['agent free', 'it close', '(next tick of it)', 'it abort', 'socket 1 connect', '…'],
        ours: ['it close', '(next tick of it)', 'it abort', 'socket 1 close'],
      },
    ],
  },
  {
    title: 'A request that is given up before it has got an idle socket',
    why: 'Nothing has been written, so that the connection serves others, as with Node 24 and 26. Node 20 and 22 end it.',
    differences: [
      {
        scenarios:
          /on (?:an idle connection|a connection that has just been given back), .* at once$/u,
        lines: [20, 22],
        node: ['socket 1 close'],
        ours: [],
      },
    ],
  },
  {
    title: 'A request that is given up while it is queued',
    why: 'It leaves the queue, and hears of that in the next tick. Node tells it only once there is a socket for it, which it dials where none comes free.',
    differences: [
      {
        scenarios: /: queued, (?:destroy|a signal)/u,
        node: ['(the turn after)', '…', 'socket 1 free', 'agent free', 'it error *', 'it close'],
        ours: ['it error *', 'it close', '(the turn after)', '…'],
      },
      {
        scenarios: /: queued, abort\(\)/u,
        node: ['(the turn after)', '…', 'socket 1 free', 'agent free', 'it close'],
        ours: ['it close', '(the turn after)', '…'],
      },
    ],
  },
  {
    title: 'A request that is sent again',
    why: 'Where `replay` allows it, a request whose reused connection turns out dead is sent again on a fresh one. It says `socket` and `prefinish` twice, and fails only where the fresh connection fails, too, as here.',
    differences: [
      {
        scenarios: /: GET on an idle connection, a FIN before the response$/u,
        node: ['it error ECONNRESET', 'socket 1 close'],
        ours: [
          ...['it socket', 'it prefinish', 'socket 1 close', 'socket 2 connect', '…'],
          ...['socket 2 end', 'it error ECONNRESET', 'socket 2 close'],
        ],
      },
      {
        scenarios: /: GET on an idle connection, a reset before the response$/u,
        node: ['socket 1 error ECONNRESET', 'it error ECONNRESET', 'socket 1 close'],
        ours: [
          ...['it socket', 'it prefinish', 'socket 1 close', 'socket 2 connect', '…'],
          ...['socket 2 error ECONNRESET', 'it error ECONNRESET', 'socket 2 close'],
        ],
      },
    ],
  },
]
