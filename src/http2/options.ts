/** Where time comes from; a `Clock` is one. */
export interface Timers {
  now(): number
  /** Calls `fire` once after `delayMs`; returns how to prevent that. */
  schedule(delayMs: number, fire: () => void): () => void
}

/**
 * How much of what one connection may do. All are on, with these defaults. A breach ends that connection alone, with
 * GOAWAY(ENHANCE_YOUR_CALM), unless its limit says otherwise.
 */
export interface Http2Limits {
  /** Streams that the other side may have open at a time; advertised, and more are refused. 1,000. */
  readonly maxConcurrentStreams?: number | undefined
  /**
   * Size of a header block, as RFC 9113 6.5.2 counts it; advertised. 16,384 bytes. A request over it is answered with
   * 431, any other block resets its stream; the connection lives.
   */
  readonly maxHeaderListBytes?: number | undefined
  /** Fields of a header block; over it, as above. 128. */
  readonly maxHeaderFields?: number | undefined
  /** CONTINUATION frames of one header block. 8. */
  readonly maxContinuations?: number | undefined
  /** Size of the HPACK table for what arrives; advertised. 4,096 bytes. */
  readonly headerTableBytes?: number | undefined
  /**
   * On a server: streams that the client resets, or that are reset or refused for its faults: so many at once, and so
   * many a second. 1,000 and 33. Each stream that both sides end pays for one, up to the burst. Before it acknowledged
   * SETTINGS, 4,000 streams over `maxConcurrentStreams` are not counted.
   */
  readonly resetBurst?: number | undefined
  readonly resetsPerSecond?: number | undefined
  /**
   * Frames that cost us and carry nothing (PING, SETTINGS, PRIORITY, empty DATA, WINDOW_UPDATE, unknown ones): at once,
   * and a second. Each DATA frame that this side sends, and that is not cut short by a small window, pays for three more.
   * 10,000 and 1,000.
   */
  readonly idleFrameBurst?: number | undefined
  readonly idleFramesPerSecond?: number | undefined
  /** What waits to be sent on one connection. Over it, the connection is a slow reader's and ends. 64 MiB. */
  readonly maxQueuedBytes?: number | undefined
  /**
   * How long content may wait without one byte of progress while a window is closed, or the socket takes nothing, in ms.
   * 60,000. Where it is the window of the stream, that stream is reset and the connection lives.
   */
  readonly stalledStreamMs?: number | undefined
  /**
   * How long the other side may take to send its preface, to acknowledge SETTINGS, and to end a header block that it sends
   * in parts, in ms. 10,000.
   */
  readonly handshakeMs?: number | undefined
}

/** How a connection behaves. */
export interface Http2Options {
  readonly limits?: Http2Limits | undefined
  readonly timers: Timers
  /** Content of one stream that may be on its way to us before it is consumed, in bytes. 65,535 at first; it grows with the link. */
  readonly streamWindowBytes?: number | undefined
  /** How far that may grow, in bytes; the same for the whole connection. 4 MiB and 16 MiB. */
  readonly maxStreamWindowBytes?: number | undefined
  readonly maxConnectionWindowBytes?: number | undefined
  /** The largest frame that we take. 16,384 bytes. */
  readonly maxFrameBytes?: number | undefined
  /** Content that a stream queues before `writable` turns false, in bytes. 64 KiB. */
  readonly queueBytes?: number | undefined
}
