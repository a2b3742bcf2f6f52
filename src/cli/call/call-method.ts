import { jsonText } from '../../codec/json-text.js'
import { type Method, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import type { CallOptions } from '../../endpoint/outgoing.js'
import type { Terminal } from '../command.js'
import { type Input, readMessage, readMessages } from './read-json.js'

/** A method of a client whose contract was read at run time. */
export type Invoke = (request: unknown, options: CallOptions) => Promise<unknown> & AsyncIterable<unknown>

/** A call about to be made. */
export interface PreparedCall {
  readonly method: Method
  readonly invoke: Invoke
  /** What the requests are read from. */
  readonly input: Input
  readonly options: CallOptions
}

/** Makes a call with the requests that are read, and prints its responses as they come. */
export async function callMethod({ method, invoke, input, options }: PreparedCall, terminal: Terminal): Promise<void> {
  const print = (message: unknown): Promise<void> => terminal.print(jsonText(method.response, message))
  const requests = new Requests(method, input)
  try {
    const responses = invoke(await requests.open(), options)
    if (!streamsResponses(method.kind)) return await print(await responses)
    for await (const response of responses) await print(response)
  } catch (error) {
    throw requests.failure ?? error
  }
}

/** Requests, and what was wrong with one of them: the call that it breaks ends with another error. */
class Requests {
  failure: unknown
  readonly #method: Method
  readonly #input: Input

  constructor(method: Method, input: Input) {
    this.#method = method
    this.#input = input
  }

  async open(): Promise<unknown> {
    const { kind, request } = this.#method
    return streamsRequests(kind) ? this.#stream() : readMessage(request, this.#input)
  }

  async *#stream(): AsyncGenerator<unknown> {
    try {
      yield* readMessages(this.#method.request, this.#input)
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}
