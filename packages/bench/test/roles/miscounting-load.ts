import http from 'node:http'
import { AgentCaller } from '../../src/bench/callers/agent-caller.ts'
import { answerCommands } from '../../src/bench/roles/answer-commands.ts'
import { LoadTally } from '../../src/bench/workloads/load-tally.ts'
import { runLoad } from '../../src/bench/workloads/run-load.ts'

/** Load generator that makes one request more than it reports. */
answerCommands({
  load: async ({ port, task }) => {
    const tally = new LoadTally()
    const caller = new AgentCaller(new http.Agent({ keepAlive: true }), {
      origins: [`http://127.0.0.1:${port}`],
      path: '/',
      method: 'GET',
      body: undefined,
      concurrency: task.concurrency,
    })
    await runLoad(caller, { ...task, amount: task.amount + 1 }, tally)
    await caller.close()
    const figures = tally.figures()
    return {
      kind: 'load',
      bytesPerConnection: null,
      ...figures,
      completed: figures.completed - 1,
    }
  },
})
