import type { MessageCodec } from '../../codec/message-codec.js'
import type { Context } from '../../endpoint/context.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import { type Method, type MethodKind, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { parseProto } from '../../service/proto.js'

/** The one message of the conformance service. */
export interface Echo {
  text: string
  number: bigint
  payload: Uint8Array
}

/** What a case lets the server do: requests in, responses out, whatever the kind of the call. */
export type EchoHandler = (requests: AsyncIterable<Echo>, context: Context) => AsyncIterable<Echo>

const source = `
  syntax = "proto3";
  package tierkit.conformance.v1;
  message Echo { string text = 1; int64 number = 2; bytes payload = 3; }
  service Conformance {
    rpc Unary(Echo) returns (Echo);
    rpc ClientStream(stream Echo) returns (Echo);
    rpc ServerStream(Echo) returns (stream Echo);
    rpc BidiStream(stream Echo) returns (stream Echo);
    rpc Missing(Echo) returns (Echo);
  }`

const names: Record<MethodKind, string> = {
  unary: 'unary',
  client_stream: 'clientStream',
  server_stream: 'serverStream',
  bidi_stream: 'bidiStream',
}

/** The methods of the conformance service by kind, and one that no server has. */
export interface EchoMethods {
  readonly codec: MessageCodec<Echo>
  readonly missing: Method<Echo, Echo>
  byKind(kind: MethodKind): Method<Echo, Echo>
}

/** Reads the contract of the conformance service. */
export function echoMethods(): EchoMethods {
  const contract = parseProto(source)
  const { methods } = contract.service('tierkit.conformance.v1.Conformance')
  const named = (name: string): Method<Echo, Echo> => {
    const method = methods[name]
    if (!method) throw new Error(`the conformance contract has no method ${name}`)
    return method
  }
  return {
    codec: contract.codec('tierkit.conformance.v1.Echo') as MessageCodec<Echo>,
    missing: named('missing'),
    byKind: (kind) => named(names[kind]),
  }
}

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
