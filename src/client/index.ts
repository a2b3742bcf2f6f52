/** Calling services: typed clients, channels over many instances, and guards for any async function. @module */

export type { MessageInit } from '../codec/message-init.js'
export type { ClientProtocol } from './channel/transports.js'
export type { Client, ClientMethod, MessageStream, MethodOfKind } from './client.js'
export { type ChannelOptions, createChannel } from './create-channel.js'
export { type CallDefaults, type ClientOptions, closeClient, createClient } from './create-client.js'
export { type WrapOptions, type Wrappable, type Wrapped, wrap } from './wrap.js'
