import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'

export const CALL = '/shop.v1.Orders/Call'

/** What came over a socket, from its opening to its end. */
export interface Talk {
  readonly socket: WebSocket
  /** What has come so far: text parsed as JSON, binary as it is. */
  readonly frames: unknown[]
  /** Resolves with the next frame that has not been taken. */
  next(): Promise<unknown>
  /** Resolves at the end with its code and reason. */
  readonly closed: Promise<readonly [code: number, reason: string]>
  send(...messages: unknown[]): void
  /** There are no more requests. */
  end(): void
}

export interface TalkInit extends ClientOptions {
  readonly path?: string
  readonly protocols?: string[]
}

/** Opens a WebSocket for the length of a test; rejects with the HTTP answer if there is one. */
export async function talk(url: string, { path = CALL, protocols = [], ...options }: TalkInit = {}): Promise<Talk> {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + path, protocols, { perMessageDeflate: false, ...options })
  onTestFinished(() => socket.terminate())
  const frames: unknown[] = []
  let taken = 0
  let changed = (): void => {}
  socket.on('message', (content: Buffer, isBinary) => {
    frames.push(isBinary ? content : JSON.parse(content.toString()))
    changed()
  })
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.once('close', (code, reason) => resolve([code, reason.toString()]))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.on('error', reject)
    socket.once('unexpected-response', async (_, response) => {
      const body = (await response.toArray()).join('')
      reject(Object.assign(new Error('refused'), { status: response.statusCode, headers: response.headers, body }))
      socket.terminate()
    })
  })
  return {
    socket,
    frames,
    closed,
    async next() {
      while (frames.length <= taken) {
        await new Promise<void>((resolve) => {
          changed = resolve
        })
      }
      taken += 1
      return frames[taken - 1]
    },
    send(...messages) {
      for (const message of messages) socket.send(message instanceof Uint8Array ? message : JSON.stringify(message))
    },
    end: () => socket.send(''),
  }
}

/** The HTTP answer to a request for a WebSocket that is not opened: status and parsed body. */
export async function refusal(url: string, init?: TalkInit): Promise<{ status: number; body: never; headers: never }> {
  const answer = await talk(url, init).then(
    () => ({ status: 101, body: '{}', headers: {} }),
    (error) => error,
  )
  return { status: answer.status, headers: answer.headers as never, body: JSON.parse(answer.body) as never }
}

/** A WebSocket without a client's manners: bytes go out as they are. */
export interface RawSocket {
  readonly socket: Socket
  /** Everything that came until the connection was closed, as text. */
  readonly all: Promise<string>
  /** All that has come, once `text` is in it. */
  until(text: string): Promise<string>
  /** Answers the close frame of the server; resolves with its code, and the text of the frame before it. */
  closing(): Promise<readonly [code: number, last: string]>
}

/** The frames of a server behind the head of its answer: first byte and content. */
function framesOf(received: string): readonly (readonly [first: number, content: Buffer])[] {
  const bytes = Buffer.from(received.slice(received.indexOf('\r\n\r\n') + 4), 'latin1')
  const frames: (readonly [number, Buffer])[] = []
  for (let at = 0; at + 1 < bytes.length; ) {
    const [first = 0, short = 0] = bytes.subarray(at)
    const size = short < 126 ? short : bytes.readUInt16BE(at + 2)
    const begin = at + (short < 126 ? 2 : 4)
    frames.push([first, bytes.subarray(begin, begin + size)])
    at = begin + size
  }
  return frames
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

/** The head of a handshake; `change` replaces headers, or takes them away. */
export function handshake(path = CALL, change: Record<string, string | undefined> = {}): string {
  const headers = {
    Host: 'x',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': KEY,
    ...change,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

/** Opens a connection and sends bytes over it. */
export async function rawSocket(port: number, ...first: (string | Buffer)[]): Promise<RawSocket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  let received = ''
  let changed = (): void => {}
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    changed()
  })
  const all = new Promise<string>((resolve) => {
    socket.once('end', () => socket.end())
    socket.once('close', () => resolve(received))
  })
  for (const bytes of first) socket.write(bytes)
  return {
    socket,
    all,
    async closing() {
      for (;;) {
        const frames = framesOf(received)
        const at = frames.findIndex(([opcode]) => opcode === 0x88)
        if (at >= 0) {
          socket.end(frame(frames[at]?.[1] ?? '', { first: 0x88 }))
          return [frames[at]?.[1].readUInt16BE() ?? 0, frames[at - 1]?.[1].toString() ?? '']
        }
        await new Promise<void>((resolve) => {
          changed = resolve
        })
      }
    },
    async until(text) {
      while (!received.includes(text)) {
        await new Promise<void>((resolve) => {
          changed = resolve
        })
      }
      return received
    },
  }
}

export interface FrameInit {
  /** First byte: FIN 0x80, reserved bits, opcode. */
  readonly first?: number
  readonly masked?: boolean
  /** What the length says. */
  readonly length?: number
}

/** A frame as a client sends it (RFC 6455, 5.2), with a mask of zeros. */
export function frame(content: string | Buffer, { first = 0x81, masked = true, length }: FrameInit = {}): Buffer {
  const payload = Buffer.from(content as string)
  const size = length ?? payload.length
  const mask = masked ? 0x80 : 0
  const head =
    size < 126
      ? [first, mask | size]
      : size < 65_536
        ? [first, mask | 126, size >> 8, size & 0xff]
        : [first, mask | 127, ...bigEndian(size)]
  return Buffer.concat([Buffer.from(head), masked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

function bigEndian(size: number): number[] {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(size))
  return [...bytes]
}
