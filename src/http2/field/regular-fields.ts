import type { Fields } from '../http2.js'
import { digits, isName, isValue } from './field-syntax.js'

/** What a block of fields says that matters to the protocol. */
export interface FieldCheck {
  /** Why the block is malformed. */
  readonly problem: string | undefined
  /** Bytes of content that it announces; -1 if it does not. */
  readonly contentLength: number
  /** The status code of a response; else 0. */
  readonly status: number
}

/** A block that is malformed. */
export function malformed(problem: string): FieldCheck {
  return { problem, contentLength: -1, status: 0 }
}

/** Checks the fields behind the pseudo-header fields, which end at `start` (RFC 9113, 8.2). */
export function checkRegular(fields: Fields, start: number, isRequest: boolean): string | undefined {
  for (let index = start; index < fields.length; index += 2) {
    const name = fields[index] as string
    const value = fields[index + 1] as string
    if (name.charCodeAt(0) === 0x3a) return `${name} behind other fields`
    if (!isName(name)) return 'a field name has a character that is not allowed'
    if (!isValue(value)) return `the value of ${name} has a character that is not allowed`
    const problem = checkMeaning(name, value, isRequest)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** What content-length says, -1 if it is not there, -2 if it makes no sense. */
export function contentLengthOf(fields: Fields, start: number): number {
  let length = -1
  for (let index = start; index < fields.length; index += 2) {
    if (fields[index] !== 'content-length') continue
    const number = digits(fields[index + 1] as string)
    if (number < 0 || (length >= 0 && length !== number)) return -2
    length = number
  }
  return length
}

/** Fields that speak of a connection have no place here (8.2.2). */
function checkMeaning(name: string, value: string, isRequest: boolean): string | undefined {
  switch (name) {
    case 'connection':
    case 'proxy-connection':
    case 'keep-alive':
    case 'transfer-encoding':
    case 'upgrade':
      return `${name} is not allowed in HTTP/2`
    case 'te':
      return isRequest && value.toLowerCase() === 'trailers' ? undefined : 'te may only say trailers'
    default:
      return undefined
  }
}
