import { ErrorCode } from '../../../../src/http2/error-code.js'
import { goaway, headers, joined, MAGIC, ping, settings, settingsAck, windowUpdate } from '../../peer/frames.js'
import { request } from '../../peer/hpack-writer.js'
import { answered, closed, connection, type Requirement, unknown } from '../case.js'

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR } = ErrorCode
/** Where GOAWAY is allowed but not asked for (3.4). */
const refused = [connection(PROTOCOL_ERROR, FRAME_SIZE_ERROR), closed]
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))
const brokenMagic = joined([MAGIC.subarray(0, 23), latin1('!')])

/** 3.4: the preface. */
export const preface: readonly Requirement[] = [
  {
    section: '3.4',
    role: 'server',
    title: 'a client may speak at once behind its preface',
    bare: true,
    send: [MAGIC, settings(), headers(1, request(), { end: true }), settingsAck()],
    expect: answered(1),
  },
  {
    section: '3.4',
    role: 'server',
    title: 'other bytes than the preface end the connection',
    bare: true,
    send: [latin1('INVALID CONNECTION PREFACE\r\n\r\n')],
    expect: refused,
  },
  {
    section: '3.4',
    role: 'server',
    title: 'a request of HTTP/1.1 ends the connection',
    bare: true,
    send: [latin1('GET / HTTP/1.1\r\nHost: test\r\n\r\n')],
    expect: refused,
  },
  {
    section: '3.4',
    role: 'server',
    title: 'a preface with a wrong last byte ends the connection',
    bare: true,
    send: [brokenMagic],
    expect: refused,
  },
  {
    section: '3.4',
    role: 'server',
    title: 'frames without the preface end the connection',
    bare: true,
    send: [settings(), headers(1, request())],
    expect: refused,
  },
  {
    section: '3.4',
    role: 'server',
    title: 'PING in place of the first SETTINGS is an error',
    bare: true,
    send: [MAGIC, ping()],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '3.4',
    role: 'server',
    title: 'HEADERS in place of the first SETTINGS are an error',
    bare: true,
    send: [MAGIC, headers(1, request(), { end: true })],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '3.4',
    role: 'server',
    title: 'an acknowledgement in place of the first SETTINGS is an error',
    bare: true,
    send: [MAGIC, settingsAck()],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '3.4',
    role: 'server',
    title: 'an unknown frame in place of the first SETTINGS is an error',
    bare: true,
    send: [MAGIC, unknown(0)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '3.4',
    role: 'server',
    title: 'a preface that comes twice is an error',
    send: [MAGIC],
    expect: [connection(PROTOCOL_ERROR, FRAME_SIZE_ERROR)],
  },
  {
    section: '3.4',
    role: 'client',
    title: 'PING in place of the first SETTINGS is an error',
    bare: true,
    send: [ping()],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '3.4',
    role: 'client',
    title: 'an acknowledgement in place of the first SETTINGS is an error',
    bare: true,
    send: [settingsAck()],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '3.4',
    role: 'client',
    title: 'WINDOW_UPDATE in place of the first SETTINGS is an error',
    bare: true,
    send: [windowUpdate(0, 1)],
    expect: connection(PROTOCOL_ERROR),
  },
  // A server that is on its way out may say no more than GOAWAY: to close without GOAWAY is enough.
  {
    section: '3.4',
    role: 'client',
    title: 'GOAWAY in place of the first SETTINGS ends the connection',
    bare: true,
    send: [goaway(0, PROTOCOL_ERROR)],
    expect: [connection(PROTOCOL_ERROR, ErrorCode.NO_ERROR), closed],
  },
  {
    section: '3.4',
    role: 'client',
    title: 'a response of HTTP/1.1 ends the connection',
    bare: true,
    send: [latin1('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
    expect: refused,
  },
]
