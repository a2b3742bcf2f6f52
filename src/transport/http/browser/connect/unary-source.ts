import { badRequest } from '../../error.js'
import { decodeAll } from '../../route/percent.js'
import { NO_BODY } from '../../serve/body-collector.js'
import type { HttpRequest } from '../../serve/http-message.js'
import { formatOf, type MessageFormat } from '../message-format.js'
import { essenceOf } from '../recognize.js'
import type { Method } from '../rpc.js'
import { encodingOf, wrongType } from './connect-request.js'

/** What the head of a unary request says of its message. */
export interface UnarySource {
  readonly format: MessageFormat
  readonly encoding: 'gzip' | undefined
  /** The message, if the head has it: by `GET`. */
  readonly message: Buffer | undefined
}

const PREFIX = 'application/'
const BASE64_URL = /^[A-Za-z0-9_-]*={0,2}$/
const PARAMETERS = ['connect', 'encoding', 'message', 'base64', 'compression']

/** Reads the head of a request by `POST`. Throws an `RpcError` for one that cannot be served. */
export function postSource({ headers }: HttpRequest, method: Method): UnarySource {
  const type = essenceOf(headers['content-type'])
  const format = type.startsWith(PREFIX) ? formatOf(type.slice(PREFIX.length)) : undefined
  if (!format) throw wrongType(method)
  return { format, encoding: encodingOf(headers['content-encoding']), message: undefined }
}

/** Reads the query of a request by `GET`. Throws an `RpcError` for one that cannot be served. */
export function querySource(query: string, maxParameters: number, method: Method): UnarySource {
  const values = new Map<string, string>()
  for (const [name, value] of parametersOf(query, maxParameters)) {
    if (!PARAMETERS.includes(name)) continue
    if (values.has(name)) throw badRequest(`the query has ${name} twice`)
    values.set(name, value)
  }
  const version = values.get('connect')
  if (version !== 'v1') throw badRequest(`connect is ${JSON.stringify(version)}, but only v1 is known here`)
  const format = formatOf(required(values, 'encoding'))
  if (!format) throw wrongType(method)
  const message = required(values, 'message')
  const encoding = encodingOf(values.get('compression'))
  return { format, encoding, message: values.get('base64') === '1' ? fromBase64(message) : Buffer.from(message) }
}

/** Names and values, in their order; a plus sign is a space, as in forms. */
function parametersOf(query: string, most: number): [name: string, value: string][] {
  const parameters = query.split('&').filter((one) => one !== '')
  if (parameters.length > most) throw badRequest(`the query has ${parameters.length} parameters, more than ${most}`)
  return parameters.map((one) => {
    const [name, value] =
      /^([^=]*)=?(.*)$/s
        .exec(one)
        ?.slice(1)
        .map((part) => decodeAll(part.replaceAll('+', '%20'))) ?? []
    if (name === undefined || value === undefined) throw badRequest('the query has a malformed percent escape')
    return [name, value]
  })
}

function required(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name)
  if (value === undefined) throw badRequest(`the query has no ${name}`)
  return value
}

function fromBase64(text: string): Buffer {
  if (text === '') return NO_BODY
  if (!BASE64_URL.test(text) || text.replace(/=+$/, '').length % 4 === 1) throw badRequest('message is not base64')
  return Buffer.from(text, 'base64url')
}
