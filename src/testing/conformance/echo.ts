import type { Context } from '../../endpoint/context.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import { type Method, type MethodKind, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { defineService } from '../../service/define-service.js'
import { defineMessage } from '../../service/message/define-message.js'
import { field } from '../../service/message/field.js'
import { bidiStream, clientStream, serverStream, unary } from '../../service/method-spec.js'

/** The one message of the conformance service. */
export interface Echo {
  text: string
  number: bigint
  payload: Uint8Array
}

/** What a case lets the server do: requests in, responses out, whatever the kind of the call. */
export type EchoHandler = (requests: AsyncIterable<Echo>, context: Context) => AsyncIterable<Echo>

const EchoMessage = defineMessage('tierkit.conformance.v1.Echo', {
  text: field(1, 'string'),
  number: field(2, 'int64'),
  payload: field(3, 'bytes'),
})

const definition = defineService({
  name: 'tierkit.conformance.v1.Conformance',
  methods: {
    unary: unary(EchoMessage, EchoMessage),
    clientStream: clientStream(EchoMessage, EchoMessage),
    serverStream: serverStream(EchoMessage, EchoMessage),
    bidiStream: bidiStream(EchoMessage, EchoMessage),
    ping: unary(EchoMessage, EchoMessage),
  },
})

const absent = defineService({
  name: 'tierkit.conformance.v1.Absent',
  methods: { missing: unary(EchoMessage, EchoMessage) },
})

/** The method of each kind. */
export const echoMethods: Readonly<Record<MethodKind, Method<Echo, Echo>>> = {
  unary: definition.methods.unary,
  client_stream: definition.methods.clientStream,
  server_stream: definition.methods.serverStream,
  bidi_stream: definition.methods.bidiStream,
}

/** A method that every server has, whatever the case. */
export const pingMethod: Method<Echo, Echo> = definition.methods.ping

/** A method that no server has. */
export const missingMethod: Method<Echo, Echo> = absent.methods.missing

/** A complete message of parts. */
export function echo(parts: Partial<Echo> = {}): Echo {
  return { text: '', number: 0n, payload: new Uint8Array(), ...parts }
}

/** Makes the endpoint of a kind from a handler that knows no kinds. */
export function echoEndpoint(kind: MethodKind, handler: EchoHandler): Endpoint {
  return async (request: unknown, context) => {
    const requests = streamsRequests(kind) ? (request as AsyncIterable<Echo>) : once(request as Echo)
    const responses = handler(requests, context)
    return streamsResponses(kind) ? responses : first(responses)
  }
}

async function* once(message: Echo): AsyncGenerator<Echo> {
  yield message
}

async function first(messages: AsyncIterable<Echo>): Promise<Echo> {
  for await (const message of messages) return message
  throw new Error('the handler gave no response')
}
