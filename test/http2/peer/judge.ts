import { type Frame, FrameReader, readU32 } from './frame-reader.js'
import { Flag, MAGIC, type Setting, Type } from './frames.js'
import { HpackReader } from './hpack-reader.js'
import type { Field } from './static-table.js'
import { Windows } from './windows.js'

/** What one side said on a stream. */
export interface Said {
  readonly blocks: Field[][]
  body: string
  ended: boolean
  reset: number | undefined
}

const nameless = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/
const hopByHop = ['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']

/**
 * Reads everything that a machine writes, as its other side would, and notes what RFC 9113 does not allow it to write.
 * Told what was sent to the machine, it knows windows and settings.
 */
export class Judge {
  readonly frames: Frame[] = []
  readonly violations: string[] = []
  readonly streams = new Map<number, Said>()
  readonly goaways: { readonly last: number; readonly code: number; readonly debug: string }[] = []
  /** Opaque bytes of the answers to PING. */
  readonly answers: string[] = []
  /** PINGs that want an answer. */
  readonly questions: string[] = []
  readonly windows = new Windows()
  #role: 'server' | 'client'
  #reader = new FrameReader()
  #hpack = new HpackReader()
  #magic: number
  #block: { readonly id: number; readonly end: boolean; readonly parts: Uint8Array[] } | undefined

  constructor(role: 'server' | 'client') {
    this.#role = role
    this.#magic = role === 'client' ? MAGIC.length : 0
    this.windows.onHeaderTable = (bytes) => this.#hpack.allow(bytes)
  }

  /** What was said on a stream. */
  said(id: number): Said {
    let said = this.streams.get(id)
    if (said === undefined) {
      said = { blocks: [], body: '', ended: false, reset: undefined }
      this.streams.set(id, said)
    }
    return said
  }

  /** Takes output of the machine. */
  read(bytes: Uint8Array): void {
    const skipped = Math.min(this.#magic, bytes.length)
    const begun = MAGIC.length - this.#magic
    if (skipped > 0 && Buffer.compare(bytes.subarray(0, skipped), MAGIC.subarray(begun, begun + skipped)) !== 0) {
      this.violations.push('no preface')
    }
    this.#magic -= skipped
    for (const frame of this.#reader.read(bytes.subarray(skipped))) this.#frame(frame)
  }

  /** Notes what cannot be seen before the end of the output. */
  finish(): void {
    if (this.#reader.pending > 0) this.violations.push('half a frame')
    if (this.#block !== undefined) this.violations.push('half a header block')
  }

  #check(right: boolean, wrong: string, frame: Frame): void {
    if (!right) this.violations.push(`${wrong}: type ${frame.type}, flags ${frame.flags}, stream ${frame.stream}`)
  }

  #frame(frame: Frame): void {
    const { type, flags, stream, payload } = frame
    if (this.frames.length === 0)
      this.#check(type === Type.SETTINGS && (flags & Flag.ACK) === 0, 'no SETTINGS first', frame)
    this.#check((this.goaways.at(-1)?.code ?? 0) === 0, 'a frame behind an error', frame)
    this.#check(payload.length <= this.windows.maxFrame, 'a frame that is too large', frame)
    this.#check(this.#block === undefined || type === Type.CONTINUATION, 'a header block torn apart', frame)
    this.#check(stream % 2 === 1 || stream === 0, 'a stream of the server', frame)
    this.frames.push(frame)
    const onStream = [Type.DATA, Type.HEADERS, Type.RST_STREAM, Type.CONTINUATION] as readonly number[]
    if (onStream.includes(type) || type === Type.WINDOW_UPDATE) {
      this.#check(onStream.includes(type) ? stream > 0 : true, 'stream 0', frame)
      this.#stream(frame)
    } else {
      this.#check(stream === 0, 'a stream where none belongs', frame)
      this.#connection(frame)
    }
  }

  #stream(frame: Frame): void {
    const { type, flags, stream, payload } = frame
    if (stream > 0) this.#check(this.said(stream).reset === undefined, 'a frame behind RST_STREAM', frame)
    if (type === Type.WINDOW_UPDATE) {
      this.#check(payload.length === 4 && this.windows.opened(stream, readU32(payload)), 'a bad increment', frame)
      return
    }
    const said = this.said(stream)
    if (type === Type.RST_STREAM) {
      this.#check(payload.length === 4, 'a bad length', frame)
      said.reset = readU32(payload)
      return
    }
    const end = (flags & Flag.END_STREAM) !== 0
    this.#check(type === Type.CONTINUATION || !said.ended, 'a frame behind END_STREAM', frame)
    if (type === Type.HEADERS) this.#block = { id: stream, end, parts: [] }
    if (type === Type.DATA) this.#content(frame, end)
    else this.#continuation(frame)
  }

  #content(frame: Frame, end: boolean): void {
    const { flags, stream, payload } = frame
    const said = this.said(stream)
    this.#check(said.blocks.length > 0 || this.#role === 'client', 'DATA before HEADERS', frame)
    this.#check(this.windows.sent(stream, payload.length), 'DATA over the window', frame)
    // Padding and priorities are never written: they cost bytes and bring nothing.
    this.#check((flags & Flag.PADDED) === 0, 'padding', frame)
    said.body += Buffer.from(payload).toString('latin1')
    said.ended = end
  }

  #continuation(frame: Frame): void {
    const block = this.#block
    this.#check(block?.id === frame.stream, 'CONTINUATION of nothing', frame)
    block?.parts.push(frame.payload)
    if (block === undefined || (frame.flags & Flag.END_HEADERS) === 0) return
    this.#block = undefined
    const said = this.said(frame.stream)
    try {
      said.blocks.push(this.#hpack.read(Buffer.concat(block.parts)))
    } catch (error) {
      this.#check(false, String(error), frame)
    }
    said.ended = block.end
    this.#fields(said.blocks.at(-1) ?? [], frame)
  }

  #fields(fields: readonly Field[], frame: Frame): void {
    const firstRegular = fields.findIndex(([name]) => !name.startsWith(':'))
    const late = fields.findLastIndex(([name]) => name.startsWith(':'))
    this.#check(firstRegular < 0 || late < firstRegular, 'a pseudo-header field behind others', frame)
    for (const [name, value] of fields) {
      this.#check(nameless.test(name), `name ${JSON.stringify(name)}`, frame)
      this.#check(!hopByHop.includes(name), `field ${name}`, frame)
      this.#check(!/[\0\r\n]/.test(value), `value ${JSON.stringify(value)}`, frame)
    }
  }

  #connection(frame: Frame): void {
    const { type, flags, payload } = frame
    const opaque = Buffer.from(payload).toString('latin1')
    const ack = (flags & Flag.ACK) !== 0
    if (type === Type.PING) (ack ? this.answers : this.questions).push(opaque)
    else if (type === Type.GOAWAY) this.#goaway(frame)
    else if (type === Type.SETTINGS && ack) this.#check(this.windows.acknowledged(), 'an ACK of nothing', frame)
    else if (type === Type.SETTINGS) this.#check(this.windows.advertised(payload), 'bad SETTINGS', frame)
    else this.#check(false, 'a type that need not be written', frame)
  }

  #goaway(frame: Frame): void {
    const last = readU32(frame.payload)
    this.#check(last <= (this.goaways.at(-1)?.last ?? last), 'GOAWAY with a higher stream', frame)
    this.goaways.push({
      last,
      code: readU32(frame.payload, 4),
      debug: Buffer.from(frame.payload.subarray(8)).toString(),
    })
  }

  /** The value that the machine advertised, if it did. */
  advertised(setting: (typeof Setting)[keyof typeof Setting]): number | undefined {
    return this.windows.values.get(setting)
  }
}
