import { badRequest, tooLarge } from '../error.js'
import { type PartHead, readPartHead } from './part-head.js'

/** What a form may be. */
export interface FormLimits {
  readonly maxParts: number
  /** All headers of a part together, in bytes. */
  readonly maxHeaderBytes: number
  /** The whole form, in bytes. */
  readonly maxFormBytes: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const CLOSE = '--'
const NOTHING = Buffer.alloc(0)

/**
 * Reads the parts of a `multipart/form-data` body (RFC 7578) one after the other, and no more of them than is asked for.
 * Throws `INVALID_ARGUMENT` for a body that is none, and what says so for one that is too large.
 */
export class PartReader {
  readonly #source: AsyncIterator<Buffer>
  readonly #limits: FormLimits
  readonly #delimiter: Buffer
  /** What was read and not yet taken. Begins so that the first delimiter is like the others. */
  #buffer: Buffer = Buffer.from('\r\n')
  #size = 0
  #parts = 0
  #inPart = true

  constructor(source: AsyncIterator<Buffer>, boundary: string, limits: FormLimits) {
    this.#source = source
    this.#limits = limits
    this.#delimiter = Buffer.from(`\r\n--${boundary}`)
  }

  /** The next part, whose content may be read until the one after it is asked for; `undefined` behind the last. */
  async next(): Promise<PartHead | undefined> {
    for await (const _ of this.content()) void _
    while (this.#buffer.length < CLOSE.length) await this.#more()
    if (this.#buffer.toString('latin1', 0, CLOSE.length) === CLOSE) return undefined
    this.#parts += 1
    if (this.#parts > this.#limits.maxParts) {
      throw tooLarge(413, `the form has more than ${this.#limits.maxParts} parts`)
    }
    const head = readPartHead(this.#parts, await this.#headBlock())
    this.#inPart = true
    return head
  }

  /** True if the present part has no content. To be asked before that is read. */
  async isEmpty(): Promise<boolean> {
    const { length } = this.#delimiter
    while (this.#buffer.length < length) await this.#more()
    return this.#buffer.subarray(0, length).equals(this.#delimiter)
  }

  /** What is left of the content of the present part, bit by bit. */
  async *content(): AsyncGenerator<Buffer> {
    const keep = this.#delimiter.length - 1
    while (this.#inPart) {
      const at = this.#buffer.indexOf(this.#delimiter)
      const end = at < 0 ? this.#buffer.length - keep : at
      const piece = end > 0 ? this.#buffer.subarray(0, end) : NOTHING
      this.#inPart = at < 0
      if (at >= 0) this.#buffer = this.#buffer.subarray(at + this.#delimiter.length)
      else if (end > 0) this.#buffer = this.#buffer.subarray(end)
      if (piece.length > 0) yield piece
      if (at < 0) await this.#more()
    }
  }

  /** The headers of a part, with the rest of the line of the delimiter in front. */
  async #headBlock(): Promise<Buffer> {
    const { maxHeaderBytes } = this.#limits
    let end = this.#buffer.indexOf(HEAD_END)
    while (end < 0 && this.#buffer.length <= maxHeaderBytes) {
      await this.#more()
      end = this.#buffer.indexOf(HEAD_END)
    }
    if (end < 0 || end > maxHeaderBytes) {
      throw tooLarge(431, `the headers of part ${this.#parts} of the form are longer than ${maxHeaderBytes} bytes`)
    }
    const block = this.#buffer.subarray(0, end)
    this.#buffer = this.#buffer.subarray(end + HEAD_END.length - (block.length === 0 ? 2 : 0))
    if (!/^[ \t]*(\r\n|$)/.test(block.toString('latin1', 0, Math.min(block.length, 100)))) {
      throw badRequest(`part ${this.#parts} of the form does not begin with a line of its own`)
    }
    if (block.includes(this.#delimiter)) throw badRequest(`part ${this.#parts} of the form: its headers do not end`)
    return block.subarray(Math.max(0, block.indexOf('\r\n')))
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#source.next()
    if (done) throw badRequest('the form breaks off')
    this.#size += value.length
    if (this.#size > this.#limits.maxFormBytes) {
      throw tooLarge(413, `the form is longer than ${this.#limits.maxFormBytes} bytes`)
    }
    this.#buffer = this.#buffer.length === 0 ? value : Buffer.concat([this.#buffer, value])
  }
}
