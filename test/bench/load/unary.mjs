import { countFor, sayHello } from './calls.mjs'
import { Http2Connection } from './http2-connection.mjs'

// Keeps 100 unary calls in flight on 10 connections. Arguments: port, seconds.
const [port, seconds] = process.argv.slice(2).map(Number)
let ended = 0
const connections = []
for (let n = 0; n < 10; n += 1) {
  const connection = await Http2Connection.open(port, {
    ...sayHello,
    onEnd() {
      ended += 1
      connection.call()
    },
  })
  connections.push(connection)
}
for (const connection of connections) {
  for (let n = 0; n < 10; n += 1) connection.call()
  connection.flush()
}
await countFor(
  seconds,
  () => ended,
  () => {
    const bytes = connections.reduce((sum, { dataBytes }) => sum + dataBytes, 0)
    if (bytes < ended * sayHello.replyBytes) throw new Error('some calls failed')
    return {}
  },
)
