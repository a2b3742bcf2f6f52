/** A transport within the process, for tests and co-located services. @module */
export type { ChannelSnapshot, ConnectionSnapshot, NodeSnapshot, ServerSnapshot } from '../snapshot.js'
export type { Address, Channel, ChannelFactory, ChannelState, ClientTls, Server, ServerTls } from '../transport.js'
export { createInproc, type Inproc, type InprocOptions } from './inproc.js'
