// axios takes an agent for each protocol.
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import axios from 'axios'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

export const client = axios.create({ httpAgent, httpsAgent })
