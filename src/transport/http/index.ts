/** JSON over HTTP/1.1, on node:http: server, client, and middleware for handlers that are there already. @module */
export type { Address, Channel, ChannelFactory, ChannelState, ClientTls, Server, ServerTls } from '../transport.js'
export { httpChannel } from './client.js'
export type { HttpChannelOptions, HttpLimitOptions, HttpLimits, HttpServerOptions } from './options.js'
export type { CorsOptions } from './serve/cors.js'
export { httpServer } from './server.js'
export { eventIdKey } from './stream/event-id.js'
export { wrapHttpHandler } from './wrap-http-handler.js'
