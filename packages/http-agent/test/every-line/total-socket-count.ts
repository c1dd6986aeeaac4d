import type http from 'node:http'

/** A field of Node's agents that its types leave out. */
export const totalSocketCountOf = (agent: http.Agent): unknown =>
  Reflect.get(agent, 'totalSocketCount')
