import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2'
import { afterwards } from './fixture.js'

/** What a server answered, as it stands in the frames. */
export interface RawAnswer {
  /** Header fields of the response; those of a response that is trailers only, too. */
  readonly headers: Record<string, string>
  readonly trailers: Record<string, string>
  readonly body: Buffer
  readonly resetCode: number
}

/** A message in its frame. */
export function frame(payload: string | Buffer, flag = 0): Buffer {
  const bytes = Buffer.from(payload)
  const prefix = Buffer.alloc(5)
  prefix[0] = flag
  prefix.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([prefix, bytes])
}

/** Connects with nothing but HTTP/2. */
export function rawConnect(url: string): ClientHttp2Session {
  const session = connect(url.replace('grpc', 'http'))
  session.on('error', () => {})
  afterwards(async () => session.destroy())
  return session
}

/** Opens a stream with the headers of a gRPC call, unless others are given. */
export function rawOpen(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
  const call = { ':method': 'POST', ':path': '/test.Text/unary', 'content-type': 'application/grpc', te: 'trailers' }
  const stream = session.request({ ...call, ...headers })
  stream.on('error', () => {})
  return stream
}

/** Waits for the end of a stream. */
export function rawAnswer(stream: ClientHttp2Stream): Promise<RawAnswer> {
  const chunks: Buffer[] = []
  let headers: object = {}
  let trailers: object = {}
  stream.on('response', (received) => {
    headers = received
  })
  stream.on('trailers', (received) => {
    trailers = received
  })
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  // As clients do: what they had left to say nobody wants to hear.
  stream.on('end', () => stream.close())
  return new Promise((resolve) =>
    stream.on('close', () => {
      const answer = { headers: { ...headers }, trailers: { ...headers, ...trailers } }
      resolve({ ...answer, body: Buffer.concat(chunks), resetCode: stream.rstCode } as RawAnswer)
    }),
  )
}

/** Makes a call of raw bytes. */
export async function rawCall(
  url: string,
  headers: OutgoingHttpHeaders = {},
  body: Buffer = frame('x'),
): Promise<RawAnswer> {
  const stream = rawOpen(rawConnect(url), headers)
  stream.end(body)
  return rawAnswer(stream)
}
