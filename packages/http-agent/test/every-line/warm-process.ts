import process, { argv } from 'node:process'
import { HttpAgent } from '@holdfast/http-agent'

const agent = new HttpAgent()
const { idleCount } = await agent.warm(`http://127.0.0.1:${argv[2]}`, 2)
process.stdout.write(`${idleCount}\n`)
