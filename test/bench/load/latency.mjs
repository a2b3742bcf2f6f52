import { sayHello } from './calls.mjs'
import { Http2Connection } from './http2-connection.mjs'

// Makes unary calls at a fixed rate on 10 connections, whether or not earlier ones have ended, and takes the time of each
// from when it was due. It never sleeps, for timers are too coarse. Arguments: port, seconds, calls a second.
const [port, seconds, rate] = process.argv.slice(2).map(Number)
const WARM_UP_SECONDS = 2
const times = []
let counting = false
let ended = 0
const connections = []
for (let n = 0; n < 10; n += 1) {
  const due = new Map()
  const onEnd = (stream) => {
    ended += 1
    if (counting) times.push(performance.now() - due.get(stream))
    due.delete(stream)
  }
  connections.push({ due, connection: await Http2Connection.open(port, { ...sayHello, onEnd }) })
}

const start = performance.now()
const countFrom = start + WARM_UP_SECONDS * 1000
const until = countFrom + seconds * 1000
let begun = 0

function step() {
  const now = performance.now()
  if (now >= until) return report()
  if (!counting && now >= countFrom) {
    counting = true
    console.log('counting')
  }
  for (let dueAt = start + (begun * 1000) / rate; dueAt <= now; dueAt = start + (begun * 1000) / rate) {
    const { due, connection } = connections[begun % connections.length]
    due.set(connection.call(), dueAt)
    connection.flush()
    begun += 1
  }
  setImmediate(step)
}
step()

function report() {
  const bytes = connections.reduce((sum, { connection }) => sum + connection.dataBytes, 0)
  if (bytes < ended * sayHello.replyBytes) throw new Error('some calls failed')
  const count = times.length
  // Without the calls that wait still, a server that stalls would look fast.
  for (const { due } of connections) for (const dueAt of due.values()) times.push(until - dueAt)
  times.sort((a, b) => a - b)
  const percentile = (share) => times[Math.floor(times.length * share)]
  console.log(JSON.stringify({ count, seconds, p50Ms: percentile(0.5), p99Ms: percentile(0.99) }))
  process.exit(0)
}
