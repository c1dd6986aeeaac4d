// Clients of the AWS SDK v3 take a request handler, which takes an agent for each protocol.
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { HttpAgent, HttpsAgent } from '@holdfast/http-agent'
import { NodeHttpHandler } from '@smithy/node-http-handler'

export const httpAgent = new HttpAgent()
export const httpsAgent = new HttpsAgent()

const requestHandler = new NodeHttpHandler({ httpAgent, httpsAgent, throwOnRequestTimeout: true })

export const s3With = (options: S3ClientConfig): S3Client =>
  new S3Client({ requestHandler, ...options })
