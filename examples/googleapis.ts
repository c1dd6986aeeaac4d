// A client of googleapis takes an agent with its options, or google.options({ agent }) for all of them.
import { drive, type drive_v3 } from '@googleapis/drive'
import { HttpsAgent } from '@holdfast/http-agent'

export const agent = new HttpsAgent()

export const driveAt = (rootUrl: string, auth: string): drive_v3.Drive =>
  drive({ version: 'v3', rootUrl, auth, agent })
