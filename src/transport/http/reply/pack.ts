import type { HttpResponse } from '../serve/http-message.js'
import type { Compression } from './compression.js'
import type { Answer } from './replies.js'

/** What decides on compression. */
export interface Packing {
  readonly compression: Compression
  readonly response: HttpResponse
}

/** Compresses the body of an answer if that is worth it and the client accepts it; `send` is called once. */
export function pack(answer: Answer, { compression, response }: Packing, send: (answer: Answer) => void): void {
  const { body, headers, type } = answer
  if (body === undefined || !compression.concerns(type, Buffer.byteLength(body))) {
    send(answer)
    return
  }
  response.appendHeader('Vary', 'Accept-Encoding')
  const encoding = compression.choose(response.req.headers['accept-encoding']?.toString())
  if (encoding === undefined) {
    send(answer)
    return
  }
  compression.compress(encoding, body, (packed) => {
    if (packed === undefined) send(answer)
    else send({ ...answer, body: packed, headers: [...headers, ['Content-Encoding', encoding]] })
  })
}
