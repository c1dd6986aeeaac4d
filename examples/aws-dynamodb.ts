// As aws-s3.ts: every client of the AWS SDK v3 takes the same request handler.
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { NodeHttpHandler } from '@smithy/node-http-handler'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

const requestHandler = new NodeHttpHandler({ httpAgent, httpsAgent, throwOnRequestTimeout: true })

export const dynamoWith = (options: DynamoDBClientConfig): DynamoDBClient =>
  new DynamoDBClient({ requestHandler, ...options })
