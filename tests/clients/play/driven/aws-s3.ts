import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { httpAgent, httpsAgent, s3With } from '../../../../examples/aws-s3.ts'
import { byteLength } from '../ask.ts'
import type { Client } from '../client.ts'
import type { Answers } from '../server/answers.ts'
import { MUCH } from '../server/orders.ts'

export const answers: Answers = { others: { headers: { 'x-amz-version-id': '$answer' }, body: '' } }

const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' }
const file = { Bucket: 'bucket', Key: 'key' }

const at = (endpoint: string): S3Client =>
  s3With({ endpoint, credentials, region: 'eu-north-1', forcePathStyle: true })

export const client: Client = {
  pools: [httpAgent, httpsAgent],
  get: async (origin, { signal, timeoutMs }) => {
    const { Body } = await at(origin).send(new GetObjectCommand(file), {
      ...(signal === undefined ? {} : { abortSignal: signal }),
      ...(timeoutMs === undefined ? {} : { requestTimeout: timeoutMs }),
    })
    return String(await Body?.transformToString())
  },
  post: async (origin, text) => {
    const { VersionId } = await at(origin).send(new PutObjectCommand({ ...file, Body: text }))
    return String(VersionId)
  },
  upload: async (origin, stream) => {
    const put = new PutObjectCommand({ ...file, Body: stream, ContentLength: MUCH })
    return String((await at(origin).send(put)).VersionId)
  },
  download: async (origin) => {
    const { Body } = await at(origin).send(new GetObjectCommand(file))
    return byteLength(Body?.transformToWebStream() ?? null)
  },
}
