/** What a server answers: texts in which `$answer` stands for what it has to say. */
export interface Answer {
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** By method; a bare text where there is none. */
export interface Answers {
  readonly get?: Answer
  readonly others?: Answer
}

/** As JSON, with what the client of an SDK expects to find around the answer. */
export const json = (value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
})
