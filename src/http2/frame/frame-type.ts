/** Types of frames (RFC 9113, 6). */
export const FrameType = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const

/** Flags of frames; what a flag means depends on the type of the frame. */
export const Flag = {
  NONE: 0x0,
  END_STREAM: 0x1,
  ACK: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const

/** Settings (RFC 9113, 6.5.2). */
export const Setting = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const

/** Bytes before the payload of each frame. */
export const HEADER_BYTES = 9
/** The window of a stream or connection, and the largest frame, unless SETTINGS say otherwise. */
export const DEFAULT_WINDOW = 65_535
export const DEFAULT_FRAME_BYTES = 16_384
/** The largest window, stream id and increment. */
export const MAX_31 = 0x7fff_ffff
/** What a client sends before its first frame. */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
