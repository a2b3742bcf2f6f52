import { ClientConnection } from '../../../src/http2/connection/client-connection.js'
import { ServerConnection } from '../../../src/http2/connection/server-connection.js'
import type { ConnectionListener, Http2Client, Http2Connection } from '../../../src/http2/http2.js'
import type { Http2Options } from '../../../src/http2/options.js'

/** The server under judgement. */
export function newServer(listener: ConnectionListener, options: Http2Options): Http2Connection {
  return new ServerConnection(listener, options)
}

/** The client under judgement. */
export function newClient(listener: ConnectionListener, options: Http2Options): Http2Client {
  return new ClientConnection(listener, options)
}
