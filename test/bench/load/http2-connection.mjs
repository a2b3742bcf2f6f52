import { once } from 'node:events'
import { connect } from 'node:net'

const DATA = 0
const HEADERS = 1
const RST_STREAM = 3
const SETTINGS = 4
const PING = 6
const GOAWAY = 7
const WINDOW_UPDATE = 8
const END_STREAM = 1
const ACK = 1
const HEADER_TABLE_SIZE = 1
const MAX_CONCURRENT_STREAMS = 3
const FRAME_HEADER_BYTES = 9
/** More than the entries take that a first header block makes. */
const TABLE_BYTES = 1024
const WHOLE_WINDOW = 2 ** 31 - 1
const FIRST_WINDOW = 65_535
/** A window is opened again after so many bytes. */
const RENEW_AFTER = 2 ** 24
const WRITE_BYTES = 2 ** 16

/**
 * A connection that makes the same gRPC call again and again for next to nothing: it writes ready frames, reads frames by
 * their headers, decodes neither HPACK nor messages, and opens all windows wide. `onData(bytes, stream)` gets the length of
 * each piece of a message that came, `onEnd(stream)` each stream that ended.
 */
export class Http2Connection {
  /** Bytes of messages that came. */
  dataBytes = 0
  /** How many streams the server lets be open at a time. */
  maxStreams = Number.POSITIVE_INFINITY
  #socket
  #first
  #next
  #stream = 1
  #out = Buffer.allocUnsafe(WRITE_BYTES)
  #outBytes = 0
  #header = Buffer.alloc(FRAME_HEADER_BYTES)
  #headerBytes = 0
  #payload = Buffer.alloc(1024)
  #payloadBytes = 0
  #left = 0
  #received = 0
  #receivedBy = new Map()
  #greeted
  #onData
  #onEnd

  /** Resolves when the server has greeted. `message` is the request, without its gRPC frame. */
  static async open(port, { path, message, onData = () => {}, onEnd = () => {} }) {
    const connection = new Http2Connection()
    connection.#onData = onData
    connection.#onEnd = onEnd
    connection.#first = callFrames(firstBlock(path, `127.0.0.1:${port}`), message)
    connection.#next = callFrames(nextBlock, message)
    const greeted = new Promise((resolve) => {
      connection.#greeted = resolve
    })
    const onread = { buffer: Buffer.alloc(2 ** 18), callback: (length, chunk) => connection.#read(chunk, length) }
    connection.#socket = connect({ host: '127.0.0.1', port, noDelay: true, onread })
    connection.#socket.on('close', () => fail('the server closed a connection'))
    await once(connection.#socket, 'connect')
    connection.#socket.write(opening)
    await greeted
    return connection
  }

  /** Begins a call and gives its stream; it is sent by `flush`. */
  call() {
    const stream = this.#stream
    const frames = stream === 1 ? this.#first : this.#next
    if (this.#outBytes + frames.bytes.length > WRITE_BYTES) this.flush()
    const at = this.#outBytes
    frames.bytes.copy(this.#out, at)
    this.#out.writeUInt32BE(stream, at + 5)
    this.#out.writeUInt32BE(stream, at + frames.dataAt + 5)
    this.#outBytes = at + frames.bytes.length
    this.#stream += 2
    return stream
  }

  flush() {
    if (this.#outBytes === 0) return
    this.#socket.write(Buffer.from(this.#out.subarray(0, this.#outBytes)))
    this.#outBytes = 0
  }

  #read(chunk, length) {
    let at = 0
    while (at < length) {
      if (this.#headerBytes < FRAME_HEADER_BYTES) {
        this.#header[this.#headerBytes++] = chunk[at++]
        if (this.#headerBytes < FRAME_HEADER_BYTES) continue
        this.#left = this.#header.readUIntBE(0, 3)
        this.#payloadBytes = 0
      }
      const piece = Math.min(this.#left, length - at)
      this.#take(chunk, at, piece)
      at += piece
      this.#left -= piece
      if (this.#left > 0) continue
      this.#headerBytes = 0
      this.#endFrame()
    }
    this.flush()
    return true
  }

  #take(chunk, at, length) {
    const type = this.#header[3]
    if (type === DATA) {
      this.#count(length)
      return
    }
    if (type === HEADERS || this.#payloadBytes + length > this.#payload.length) return
    chunk.copy(this.#payload, this.#payloadBytes, at, at + length)
    this.#payloadBytes += length
  }

  #count(length) {
    const stream = this.#header.readUInt32BE(5)
    this.dataBytes += length
    this.#received += length
    if (this.#received >= RENEW_AFTER) {
      this.#control(WINDOW_UPDATE, 0, uint32(this.#received))
      this.#received = 0
    }
    const received = (this.#receivedBy.get(stream) ?? 0) + length
    this.#receivedBy.set(stream, received)
    if (received >= RENEW_AFTER) {
      this.#receivedBy.set(stream, 0)
      this.#control(WINDOW_UPDATE, 0, uint32(received), stream)
    }
    this.#onData(length, stream)
  }

  #endFrame() {
    const type = this.#header[3]
    const flags = this.#header[4]
    const stream = this.#header.readUInt32BE(5)
    if (type === RST_STREAM) fail(`the server reset a stream with code ${this.#payload.readUInt32BE(0)}`)
    if (type === GOAWAY) fail(`the server said goodbye with code ${this.#payload.readUInt32BE(4)}`)
    if (type === PING && !(flags & ACK)) this.#control(PING, ACK, this.#payload.subarray(0, 8))
    if (type === SETTINGS && !(flags & ACK)) {
      this.#obey(this.#payload.subarray(0, this.#payloadBytes))
      this.#control(SETTINGS, ACK, Buffer.alloc(0))
      this.#greeted()
    }
    if ((type === HEADERS || type === DATA) && flags & END_STREAM) {
      this.#receivedBy.delete(stream)
      this.#onEnd(stream)
    }
  }

  #obey(settings) {
    for (let at = 0; at < settings.length; at += 6) {
      const value = settings.readUInt32BE(at + 2)
      const id = settings.readUInt16BE(at)
      if (id === MAX_CONCURRENT_STREAMS) this.maxStreams = value
      if (id === HEADER_TABLE_SIZE && value < TABLE_BYTES) fail('the server has too small a header table for this load')
    }
  }

  #control(type, flags, payload, stream = 0) {
    this.flush()
    this.#socket.write(frame({ type, flags, stream, payload }))
  }
}

function fail(text) {
  console.error(text)
  process.exit(1)
}

function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function frame({ type, flags = 0, stream = 0, payload }) {
  const header = Buffer.alloc(FRAME_HEADER_BYTES)
  header.writeUIntBE(payload.length, 0, 3)
  header[3] = type
  header[4] = flags
  header.writeUInt32BE(stream, 5)
  return Buffer.concat([header, payload])
}

/** The preface, no push and wide windows for streams, and one for the connection. */
const opening = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame({ type: SETTINGS, payload: Buffer.concat([Buffer.from([0, 2, 0, 0, 0, 0, 0, 4]), uint32(WHOLE_WINDOW)]) }),
  frame({ type: WINDOW_UPDATE, payload: uint32(WHOLE_WINDOW - FIRST_WINDOW) }),
])

/** The header block of the first call: all that is not in the static table enters the dynamic one, as clients do it. */
function firstBlock(path, authority) {
  const text = (value) => [value.length, ...Buffer.from(value)]
  const post = [0x83, 0x86]
  const named = [0x44, ...text(path), 0x41, ...text(authority), 0x5f, ...text('application/grpc')]
  return Buffer.from([...post, ...named, 0x40, ...text('te'), ...text('trailers')])
}

/** The header block of later calls, all from the tables. */
const nextBlock = Buffer.from([0x83, 0x86, 0xc1, 0xc0, 0xbf, 0xbe])

function callFrames(block, message) {
  const headers = frame({ type: HEADERS, flags: 4, payload: block })
  const body = Buffer.concat([Buffer.from([0]), uint32(message.length), message])
  return {
    bytes: Buffer.concat([headers, frame({ type: DATA, flags: END_STREAM, payload: body })]),
    dataAt: headers.length,
  }
}
