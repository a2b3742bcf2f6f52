/** What a channel can say of its connection, in gRPC's words. */
export type ChannelState = 'idle' | 'connecting' | 'ready' | 'transient_failure' | 'shutdown'
