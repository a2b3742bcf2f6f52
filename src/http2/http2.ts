import type { ErrorCode } from './error-code.js'

/**
 * Header fields: names and values in turn, pseudo-header fields first. Names are in lower case; each character of a
 * string stands for one byte.
 */
export type Fields = readonly string[]

/** A block of header fields that arrived. Blocks that repeat on a connection are one and the same object. */
export interface HeaderBlock {
  readonly fields: Fields
  /** Names, values and 32 bytes for each field, as SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113, 6.5.2). */
  readonly size: number
  /** For whoever reads the block: what it made of it, so that it need not do so again. */
  memo: unknown
}

/** Why a stream ended before its time. */
export interface StreamEnd {
  readonly code: ErrorCode
  readonly message: string
  /** True if the other end reset the stream or the connection, or went away; false if this side did. */
  readonly remote: boolean
  /** True if the other end certainly did nothing with the stream: it may be tried again elsewhere. */
  readonly unprocessed: boolean
  /** True if the whole connection ended, or broke, and took the stream with it. */
  readonly connection: boolean
}

/** Takes what arrives on a stream. Calls come in the order of the wire, while bytes are received. */
export interface StreamListener {
  /** Response headers on a client; each informational block (1xx) first. Never called on a server. */
  onHeaders(block: HeaderBlock, endStream: boolean): void
  /** Content. It counts against the stream's window until `consume` gives it back. The bytes stay valid. */
  onData(bytes: Uint8Array, endStream: boolean): void
  /** The last header block; the other side sends no more. */
  onTrailers(block: HeaderBlock): void
  /**
   * The stream is over, and not by both sides ending it; a reset by this side counts, even while it is asked for. Called
   * at most once, and last.
   */
  onEnd(end: StreamEnd): void
  /** What was queued is gone: there is room to send more. Called after `writable` was false, unless this side ended. */
  onDrain(): void
}

/** One stream of a connection. Sending on a stream that is over does nothing. */
export interface Http2Stream {
  readonly id: number
  /** Bytes of content that wait for a window or for the socket. More than `queueBytes` of them: wait for `onDrain`. */
  readonly queuedBytes: number
  /** True while this side may send more without waiting for `onDrain`. */
  readonly writable: boolean
  /** True once both sides ended or the stream was reset. */
  readonly closed: boolean
  /**
   * Sends a header block: `constant`, an array that is the same object each time and is encoded once, then `varying`.
   * What is queued goes first.
   */
  sendHeaders(constant: Fields, varying: Fields | undefined, endStream: boolean): void
  /** Sends content, as frames of any size. The bytes belong to the connection from then on: they must not change. */
  sendData(bytes: Uint8Array, endStream: boolean): void
  /** Sends content behind a prefix of one byte, `flag`, and four of its length. Small content costs one copy. */
  sendPrefixed(flag: number, bytes: Uint8Array, endStream: boolean): void
  /** Ends the stream at once, in both directions. What is queued is lost. */
  reset(code: ErrorCode): void
  /** Gives so many bytes of received content back to the other side's window. */
  consume(bytes: number): void
}

/** Takes what happens to a connection as a whole. */
export interface ConnectionListener {
  /** Server: a request arrived; who takes the rest of it? What ends the stream before this returns is not heard. */
  onStream?(stream: Http2Stream, block: HeaderBlock, endStream: boolean): StreamListener
  /**
   * There is output: take it soon. Not called again before it was taken, nor for what a new connection has to say, which
   * waits from the start.
   */
  onOutput(): void
  /** The first SETTINGS of the other side arrived: the connection is in use. */
  onReady?(): void
  /** The number of streams that may be opened may have grown. */
  onCapacity?(): void
  /** The other side asks to leave; no stream can be opened any more. */
  onGoaway?(code: ErrorCode, debug: string): void
  /** The last stream is over. */
  onIdle?(): void
  /** The other side pings, and is answered. */
  onPing?(): void
  /** A limit was broken; its name as in `Http2Limits`. */
  onBreach?(limit: string): void
  /**
   * The connection is over: by `error`, or in peace. Called once; streams heard before. What it says last is still to be
   * taken.
   */
  onClose(error: Error | undefined): void
}

/** What both ends of a connection can do. A machine: it is given bytes and asked for bytes, and owns no socket. */
export interface Http2Connection {
  /** Streams that are not over. */
  readonly streamCount: number
  /** True once no bytes are taken any more. */
  readonly closed: boolean
  /** The largest header block that the other side takes, as SETTINGS_MAX_HEADER_LIST_SIZE counts; infinite unless it said so. */
  readonly peerHeaderListBytes: number
  /**
   * Takes bytes as they arrive, cut anywhere. Never throws; what is wrong with them ends up in GOAWAY or RST_STREAM, and
   * a listener that throws costs its connection.
   */
  receive(chunk: Uint8Array): void
  /** The other side closed its half, or the socket broke. */
  receiveEnd(error?: Error): void
  /** What is to be written, in order; nothing is kept. */
  takeOutput(): readonly Uint8Array[]
  /** Tells the machine that the socket does (not) take more at present: content then stays queued. */
  setBlocked(blocked: boolean): void
  /** Asks whether the other side is there; `answered` is called with its answer. */
  ping(answered: () => void): void
  /**
   * Leaves in peace. A server takes two steps: a GOAWAY that refuses nothing, and when a ping came back (or 5 s passed)
   * one with the last stream that was taken. The connection closes when its streams are over.
   */
  shutDown(debug?: string): void
  /** Ends the connection now, with GOAWAY; its streams end. */
  abort(code: ErrorCode, debug: string): void
}

/** The client's end. */
export interface Http2Client extends Http2Connection {
  /** Streams that may be opened at present; 0 once the other side asked to leave, or ids are used up. */
  readonly capacity: number
  /** Opens a stream; only where there is capacity. */
  request(constant: Fields, varying: Fields | undefined, endStream: boolean, listener: StreamListener): Http2Stream
}
