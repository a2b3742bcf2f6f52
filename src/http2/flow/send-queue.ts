import { PREFIX_BYTES } from '../frame/message-writer.js'
import type { Fields } from '../http2.js'

/** Something that waits to be sent on a stream: content, or a header block if `constant` is there. */
export interface SendItem {
  next: SendItem | undefined
  /** Of a prefix that is still to be sent: its first byte; else -1. */
  prefix: number
  readonly bytes: Uint8Array
  /** Bytes that were sent. */
  at: number
  readonly constant: Fields | undefined
  readonly varying: Fields | undefined
  readonly endStream: boolean
}

const nothing = new Uint8Array(0)

/** An item of content; `prefix` is -1 for none. */
export function contentItem(prefix: number, bytes: Uint8Array, endStream: boolean): SendItem {
  return { next: undefined, prefix, bytes, at: 0, constant: undefined, varying: undefined, endStream }
}

/** An item of header fields. */
export function headersItem(constant: Fields, varying: Fields | undefined, endStream: boolean): SendItem {
  return { next: undefined, prefix: -1, bytes: nothing, at: 0, constant, varying, endStream }
}

/** Bytes of an item that wait for a window. */
export function bytesOf(item: SendItem): number {
  return item.bytes.length - item.at + (item.prefix < 0 ? 0 : PREFIX_BYTES)
}

/** What waits on one stream, first in, first out. It exists only while something waits. */
export class SendQueue {
  first: SendItem
  #last: SendItem
  /** Bytes of content that wait. */
  bytes: number
  /** When a byte went out last, or the first one came in. */
  progressAt: number

  constructor(first: SendItem, now: number) {
    this.first = first
    this.#last = first
    this.bytes = bytesOf(first)
    this.progressAt = now
  }

  add(item: SendItem): void {
    this.#last.next = item
    this.#last = item
    this.bytes += bytesOf(item)
  }

  /** Makes the prefix of the first item an item of its own, which can be sent in parts. */
  splitPrefix(): void {
    const { first } = this
    const length = first.bytes.length
    const prefix = Uint8Array.of(first.prefix, length >>> 24, length >>> 16, length >>> 8, length)
    const ends = first.endStream && length === 0
    const head: SendItem = { ...contentItem(-1, prefix, ends), next: ends ? undefined : first }
    first.prefix = -1
    this.first = head
    if (ends) this.#last = head
  }
}
