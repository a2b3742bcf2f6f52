import { countFor, watch } from './calls.mjs'
import { Http2Connection } from './http2-connection.mjs'

// Reads 10 server streams on 2 connections as fast as they come and counts messages by their bytes.
// Arguments: port, seconds, bytes of a message when it is encoded.
const [port, seconds, bytes] = process.argv.slice(2).map(Number)
const FRAME_BYTES = 5
const onEnd = () => {
  throw new Error('a stream ended')
}
const connections = []
for (let n = 0; n < 2; n += 1) {
  const connection = await Http2Connection.open(port, { ...watch(bytes), onEnd })
  connections.push(connection)
  for (let stream = 0; stream < 5; stream += 1) connection.call()
  connection.flush()
}
const received = () => connections.reduce((sum, { dataBytes }) => sum + dataBytes, 0)
await countFor(seconds, () => Math.floor(received() / (FRAME_BYTES + bytes)))
