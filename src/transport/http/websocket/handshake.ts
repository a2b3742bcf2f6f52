import { Code } from '../../kernel.js'
import { badRequest, HttpRefusal } from '../error.js'
import type { HttpRequest } from '../serve/http-message.js'

/** Messages in ProtoJSON, one a text frame. It is spoken where a client names no protocol too. */
export const JSON_PROTOCOL = 'tierkit.json'
/** Messages in protobuf, one a binary frame. */
export const PROTO_PROTOCOL = 'tierkit.proto'
/** Carries a bearer token, for browsers, which can send no `Authorization`. Never chosen. */
const TOKEN_PREFIX = 'tierkit.bearer.'

/** What a client offers in its handshake. */
export interface Handshake {
  /** Messages are protobuf. */
  readonly binary: boolean
  /** A bearer token that came as a protocol. */
  readonly token: string | undefined
}

const KEY = /^[+/0-9A-Za-z]{22}==$/
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** What asks for a WebSocket. */
type Asked = Pick<HttpRequest, 'headers' | 'hasBody'> & { readonly httpVersion: string }

/** Reads the handshake of a WebSocket (RFC 6455, 4.2.1). Throws for what is none. */
export function readHandshake({ headers, hasBody, httpVersion }: Asked): Handshake {
  if (httpVersion !== '1.1' || !headers.host) throw badRequest('the handshake of a WebSocket needs HTTP/1.1 and a Host')
  if (hasBody) throw badRequest('the handshake of a WebSocket has no body')
  if (headers['sec-websocket-version'] !== '13') {
    const problem = 'only version 13 of WebSocket is spoken here'
    throw new HttpRefusal(426, [Code.INVALID_ARGUMENT, problem], [['Sec-WebSocket-Version', '13']])
  }
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) throw badRequest('Sec-WebSocket-Key is not 16 bytes in base64')
  const offered = protocolsOf(headers['sec-websocket-protocol'])
  const token = offered.find((name) => name.startsWith(TOKEN_PREFIX))?.slice(TOKEN_PREFIX.length)
  const chosen = chooseProtocol(offered)
  if (offered.length > 0 && chosen === undefined) {
    throw badRequest(`none of the protocols is spoken here: offer ${JSON_PROTOCOL} or ${PROTO_PROTOCOL}`)
  }
  return { token, binary: chosen === PROTO_PROTOCOL }
}

/** The first protocol that is spoken here. */
export function chooseProtocol(offered: Iterable<string>): string | undefined {
  for (const name of offered) if (name === JSON_PROTOCOL || name === PROTO_PROTOCOL) return name
  return undefined
}

function protocolsOf(header: string | undefined): string[] {
  if (header === undefined) return []
  const names = header.split(',').map((name) => name.trim())
  const isList = names.every((name) => TOKEN.test(name)) && new Set(names).size === names.length
  if (!isList) throw badRequest('Sec-WebSocket-Protocol is not a list of different names')
  return names
}
