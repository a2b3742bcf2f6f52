import { type ContextKey, contextKey } from '../../endpoint/context-value.js'

/**
 * Whether the messages that this side sends from now on are compressed, where the other side can read that; what the
 * server or channel was told holds without it. A stream may set it anew before each message.
 */
export const compressionKey: ContextKey<boolean> = contextKey('compression of messages sent')

/** Whether the message that was last received came compressed; not set before the first that did. */
export const wasCompressedKey: ContextKey<boolean> = contextKey('compression of the message received')
