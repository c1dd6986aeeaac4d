/** Node's own agents under our names, so that an example runs with them as well. */
import http from 'node:http'
import https from 'node:https'

export class HttpAgent extends http.Agent {
  constructor() {
    super({ keepAlive: true })
  }
}

export class HttpsAgent extends https.Agent {
  constructor() {
    super({ keepAlive: true })
  }
}
