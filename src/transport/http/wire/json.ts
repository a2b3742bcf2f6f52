import { isUtf8 } from 'node:buffer'
import { badRequest, badResponse } from '../error.js'

/** Reads a request in JSON; an empty one is an empty message. Throws `INVALID_ARGUMENT`. */
export function parseRequest<Json>(bytes: Buffer): Json {
  if (bytes.length === 0) return {} as Json
  if (!isUtf8(bytes)) throw badRequest('the request is not UTF-8')
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw badRequest(`the request is not JSON: ${(cause as Error).message}`)
  }
}

/** Reads a response in JSON. Throws `INTERNAL`. */
export function parseResponse<Json>(text: string): Json {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw badResponse('the response is not JSON', cause)
  }
}
