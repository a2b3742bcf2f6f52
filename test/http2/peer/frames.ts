/** The frame types of RFC 9113, 6, by name. */
export const Type = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const

export const Flag = { ACK: 1, END_STREAM: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 32 } as const

export const Setting = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const

/** What a client says first (RFC 9113, 3.4). */
export const MAGIC = bytesOf('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Bytes, or characters that each stand for one. */
export type Payload = Uint8Array | readonly number[] | string

/** The bytes of a payload. */
export function bytesOf(payload: Payload): Uint8Array {
  return typeof payload === 'string' ? Uint8Array.from(Buffer.from(payload, 'latin1')) : Uint8Array.from(payload)
}

/** All of them, one behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

/** Four bytes, the highest first. */
export function u32(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}

/** What a frame's header says; `length` lies where it differs from the payload's, `reserved` sets the reserved bit. */
export interface FrameHead {
  readonly type: number
  readonly flags?: number
  readonly stream?: number
  readonly length?: number
  readonly reserved?: boolean
}

/** A frame of any kind, right or wrong. */
export function frame(head: FrameHead, payload: Payload = []): Uint8Array {
  const body = bytesOf(payload)
  const { type, flags = 0, stream = 0, length = body.length, reserved = false } = head
  const id = (reserved ? 0x80000000 : 0) | stream
  return joined([bytesOf([(length >>> 16) & 255, (length >>> 8) & 255, length & 255, type, flags, ...u32(id)]), body])
}

export interface ContentOptions {
  readonly end?: boolean
  /** Bytes of padding; the frame then has the PADDED flag. */
  readonly pad?: number
}

const padded = (body: Uint8Array, pad: number | undefined): Uint8Array =>
  pad === undefined ? body : joined([bytesOf([pad]), body, new Uint8Array(pad)])

/** DATA. */
export function content(stream: number, body: Payload, options: ContentOptions = {}): Uint8Array {
  const flags = (options.end ? Flag.END_STREAM : 0) | (options.pad === undefined ? 0 : Flag.PADDED)
  return frame({ type: Type.DATA, flags, stream }, padded(bytesOf(body), options.pad))
}

export interface HeadersOptions extends ContentOptions {
  /** False if CONTINUATION follows. */
  readonly last?: boolean
  /** The stream that this one depends on; the frame then carries a priority. */
  readonly dependsOn?: number
}

/** HEADERS that carry an encoded block, or its first part. */
export function headers(stream: number, block: Payload, options: HeadersOptions = {}): Uint8Array {
  const { end, pad, last = true, dependsOn } = options
  const flags =
    (end ? Flag.END_STREAM : 0) |
    (last ? Flag.END_HEADERS : 0) |
    (pad === undefined ? 0 : Flag.PADDED) |
    (dependsOn === undefined ? 0 : Flag.PRIORITY)
  const priority = dependsOn === undefined ? [] : [...u32(dependsOn), 15]
  return frame({ type: Type.HEADERS, flags, stream }, padded(joined([bytesOf(priority), bytesOf(block)]), pad))
}

/** A further part of a header block. */
export function continuation(stream: number, block: Payload, last = true): Uint8Array {
  return frame({ type: Type.CONTINUATION, flags: last ? Flag.END_HEADERS : 0, stream }, block)
}

export function priority(stream: number, dependsOn = 0): Uint8Array {
  return frame({ type: Type.PRIORITY, stream }, [...u32(dependsOn), 15])
}

export function rstStream(stream: number, code: number): Uint8Array {
  return frame({ type: Type.RST_STREAM, stream }, u32(code))
}

/** SETTINGS of identifiers and values in turn. */
export function settings(...values: readonly number[]): Uint8Array {
  const body: number[] = []
  for (let i = 0; i < values.length; i += 2) body.push(0, values[i] ?? 0, ...u32(values[i + 1] ?? 0))
  return frame({ type: Type.SETTINGS }, body)
}

export function settingsAck(): Uint8Array {
  return frame({ type: Type.SETTINGS, flags: Flag.ACK })
}

export function ping(opaque = '12345678', ack = false): Uint8Array {
  return frame({ type: Type.PING, flags: ack ? Flag.ACK : 0 }, opaque)
}

export function goaway(last: number, code: number, debug = ''): Uint8Array {
  return frame({ type: Type.GOAWAY }, [...u32(last), ...u32(code), ...bytesOf(debug)])
}

export function windowUpdate(stream: number, increment: number): Uint8Array {
  return frame({ type: Type.WINDOW_UPDATE, stream }, u32(increment))
}

export function pushPromise(stream: number, promised: number, block: Payload): Uint8Array {
  return frame({ type: Type.PUSH_PROMISE, flags: Flag.END_HEADERS, stream }, [...u32(promised), ...bytesOf(block)])
}
