import { type DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { dynamoWith, httpAgent, httpsAgent } from '../../../../examples/aws-dynamodb.ts'
import type { Client } from '../client.ts'
import { type Answers, json } from '../server/answers.ts'

export const answers: Answers = {
  others: json({ TableNames: ['ok'], ConsumedCapacity: { TableName: '$answer' } }),
}

const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' }

const at = (endpoint: string): DynamoDBClient =>
  dynamoWith({ endpoint, credentials, region: 'eu-north-1' })

export const client: Client = {
  pools: [httpAgent, httpsAgent],
  get: async (origin, { signal, timeoutMs }) => {
    const { TableNames = [] } = await at(origin).send(new ListTablesCommand({}), {
      ...(signal === undefined ? {} : { abortSignal: signal }),
      ...(timeoutMs === undefined ? {} : { requestTimeout: timeoutMs }),
    })
    return TableNames.join()
  },
  post: async (origin, text) => {
    const put = new PutItemCommand({ TableName: 'table', Item: { key: { S: text } } })
    return String((await at(origin).send(put)).ConsumedCapacity?.TableName)
  },
}
