import { bidiStream, clientStream, defineMessage, defineService, field, serverStream, unary } from 'tierkit'
import type { Binding, Context, Endpoint } from 'tierkit/endpoint'

const Echo = defineMessage('web.v1.Echo', {
  text: field(1, 'string'),
  number: field(2, 'int64'),
  payload: field(3, 'bytes'),
})

/** The contract as tierkit has it. */
export const Web = defineService({
  name: 'web.v1.Web',
  methods: {
    say: unary(Echo, Echo),
    look: unary(Echo, Echo, { idempotency: 'no_side_effects' }),
    list: serverStream(Echo, Echo),
    join: clientStream(Echo, Echo),
    chat: bidiStream(Echo, Echo),
  },
})

export type Kind = keyof typeof Web.methods
export interface EchoMessage {
  text: string
  number: bigint
  payload: Uint8Array
}

/** A complete message of parts. */
export function echo(parts: Partial<EchoMessage> = {}): EchoMessage {
  return { text: '', number: 0n, payload: new Uint8Array(), ...parts }
}

/** What a test lets the server do: requests in, responses out, whatever the kind. */
export type Handler = (requests: AsyncIterable<EchoMessage>, context: Context) => AsyncIterable<EchoMessage>

/** Bindings of all methods to one handler. */
export function bindings(handler: Handler): Binding[] {
  return Object.values(Web.methods).map((method) => {
    const endpoint: Endpoint = async (request, context) => {
      const streams = method.kind === 'client_stream' || method.kind === 'bidi_stream'
      const responses = handler(streams ? request : once(request), context)
      return method.kind === 'server_stream' || method.kind === 'bidi_stream' ? responses : first(responses)
    }
    return { method, endpoint } as Binding
  })
}

async function* once<T>(message: T): AsyncGenerator<T> {
  yield message
}

async function first<T>(messages: AsyncIterable<T>): Promise<T> {
  for await (const message of messages) return message
  throw new Error('the handler gave no response')
}
