import http from 'node:http'
import process from 'node:process'

/** Loses every fifth request, as an agent does whose connection was closed under it. */
class LosingAgent extends http.Agent {
  #requests = 0

  // Node's own name, by which requests reach their agent.
  addRequest(request: http.ClientRequest, options: object): void {
    this.#requests += 1
    if (this.#requests % 5 > 0) {
      const { addRequest } = http.Agent.prototype as unknown as Pick<LosingAgent, 'addRequest'>
      addRequest.call(this, request, options)
      return
    }
    const error = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    process.nextTick(() => request.emit('error', error))
  }
}

export default new LosingAgent({ keepAlive: true })
