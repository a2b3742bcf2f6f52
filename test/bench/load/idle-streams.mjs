import { createInterface } from 'node:readline'
import { watch } from './calls.mjs'
import { Http2Connection } from './http2-connection.mjs'

// For each number that comes as a line, opens so many server streams more, answers when all have had their first message,
// and keeps them open. Arguments: port, connections.
const [port, connectionCount] = process.argv.slice(2).map(Number)
const connections = []
let messages = 0
let awaited = 0
const onData = () => {
  messages += 1
  if (messages === awaited) console.log('opened')
}
const onEnd = () => {
  throw new Error('a stream ended')
}
for (let n = 0; n < connectionCount; n += 1) {
  connections.push(await Http2Connection.open(port, { ...watch(0), onData, onEnd }))
}
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const count = Number(line)
  awaited += count
  for (let n = 0; n < count; n += 1) connections[n % connections.length].call()
  for (const connection of connections) connection.flush()
}
