import { Code, RpcError } from '../../kernel.js'
import { HttpRefusal } from '../error.js'

/** Codes of RFC 6455, 7.4.1, that this side sends. */
export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  wrongKind: 1003,
  unreadable: 1007,
} as const

/** What has no place in the RFC is said as 4000 and the code of the error. */
const PRIVATE = 4000
/** A close frame has room for so much, in bytes. */
const MOST_REASON = 123

/** A frame that is wrong as such. */
export class FrameRefusal extends RpcError {
  readonly closeCode: number

  constructor(closeCode: number, problem: string) {
    super(Code.INVALID_ARGUMENT, problem)
    this.closeCode = closeCode
  }
}

/** How a socket is closed after an error. */
export function closeCodeOf(error: RpcError, draining: boolean): number {
  if (error instanceof FrameRefusal) return error.closeCode
  // What cannot be read at all is refused with this over HTTP.
  if (error instanceof HttpRefusal && error.status === 400) return CloseCode.unreadable
  if (draining && error.code === Code.UNAVAILABLE) return CloseCode.goingAway
  return PRIVATE + error.code
}

/** A text as the reason of a close frame, cut off where it is too long. */
export function closeReason(text: string): string {
  if (Buffer.byteLength(text) <= MOST_REASON) return text
  const bytes = Buffer.from(text)
  let end = MOST_REASON
  // Not within a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return bytes.subarray(0, end).toString('utf8')
}

/** What an error of the socket itself means for its call. */
export function socketError(thrown: NodeJS.ErrnoException, maxMessageBytes: number): RpcError {
  const { code = '', message } = thrown
  if (/^WS_ERR_UNSUPPORTED_(MESSAGE|DATA_PAYLOAD)_LENGTH$/.test(code)) {
    return new RpcError(Code.RESOURCE_EXHAUSTED, `a message is longer than ${maxMessageBytes} bytes`)
  }
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') {
    return new RpcError(Code.RESOURCE_EXHAUSTED, 'a message is in too many frames')
  }
  if (code.startsWith('WS_ERR_')) return new RpcError(Code.INVALID_ARGUMENT, `not WebSocket: ${message}`)
  return new RpcError(Code.CANCELLED, 'the client went away', { cause: thrown })
}
