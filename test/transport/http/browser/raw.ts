import { once } from 'node:events'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'

/** A request as it goes out. */
export interface RawRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly body?: Buffer | string
  /** Leaves the body without its end. */
  readonly open?: boolean
}

/** What is seen of a response. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Buffer
}

/** Sends a request over HTTP/1.1, and gives the whole response. */
export async function send(url: string, { method = 'POST', path = '/', headers = {}, body, open }: RawRequest) {
  const outgoing = request(url + path, { method, headers, agent: false })
  outgoing.on('error', () => {})
  if (open) outgoing.write(body)
  else outgoing.end(body)
  const [response] = await once(outgoing, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  outgoing.destroy()
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) } as RawAnswer
}

/** Bytes behind a prefix. */
export function frame(flags: number, content: Buffer | string, length = Buffer.byteLength(content)): Buffer {
  const prefix = Buffer.from([flags, 0, 0, 0, 0])
  prefix.writeUInt32BE(length, 1)
  return Buffer.concat([prefix, Buffer.from(content as string)])
}

/** Takes frames apart: flags and content, in turn. */
export function frames(bytes: Buffer): [flags: number, content: Buffer][] {
  const found: [number, Buffer][] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 1)
    found.push([bytes[at]!, bytes.subarray(at + 5, at + 5 + length)])
    at += 5 + length
  }
  return found
}

/** An `Echo` with a text, in protobuf. */
export function proto(text: string): Buffer {
  return text === '' ? Buffer.alloc(0) : Buffer.concat([Buffer.from([10, text.length]), Buffer.from(text)])
}

/** Few bytes that are many when unpacked. */
export const bomb: Buffer = gzipSync(Buffer.alloc(10_000_000))
