import { setTimeout as delay } from 'node:timers/promises'
import { sayHello } from './calls.mjs'
import { Http2Connection } from './http2-connection.mjs'

// Makes unary calls at a fixed rate on 10 connections, whether or not earlier ones have ended, and takes the time of each
// from when it was due; calls that the server's limit of streams holds back wait their turn, which counts. It never sleeps,
// for timers are too coarse. Before, it makes calls one after the other on each connection, until the server is warm.
// Arguments: port, seconds, calls a second.
const [port, seconds, rate] = process.argv.slice(2).map(Number)
const WARM_UP_MS = 1500
/** The rate is held for so long before times are taken. */
const SETTLE_MS = 1000

class Line {
  /** When each open call was due, by stream. */
  #due = new Map()
  /** When the calls were due that wait for a stream. */
  #waiting = []
  times = []
  ended = 0
  warmingUp = true

  async open() {
    this.connection = await Http2Connection.open(port, { ...sayHello, onEnd: (stream) => this.#end(stream) })
  }

  call(dueAt) {
    if (this.#due.size >= this.connection.maxStreams) this.#waiting.push(dueAt)
    else this.#due.set(this.connection.call(), dueAt)
  }

  /** When the calls were due that have not ended. */
  unfinished() {
    return [...this.#due.values(), ...this.#waiting]
  }

  #end(stream) {
    const now = performance.now()
    const dueAt = this.#due.get(stream)
    this.ended += 1
    this.#due.delete(stream)
    if (this.warmingUp) this.call(now)
    else if (dueAt >= countFrom) this.times.push(now - dueAt)
    if (this.#waiting.length > 0) this.call(this.#waiting.shift())
  }
}

const lines = Array.from({ length: 10 }, () => new Line())
for (const line of lines) {
  await line.open()
  line.call(0)
  line.connection.flush()
}
await delay(WARM_UP_MS)
for (const line of lines) line.warmingUp = false

const start = performance.now()
const countFrom = start + SETTLE_MS
const until = countFrom + seconds * 1000
let begun = 0
let counting = false
let endedBefore = 0

function step() {
  const now = performance.now()
  if (now >= until) return report()
  if (!counting && now >= countFrom) {
    counting = true
    endedBefore = endedCalls()
    console.log('counting')
  }
  for (let dueAt = start + (begun * 1000) / rate; dueAt <= now; dueAt = start + (begun * 1000) / rate) {
    const line = lines[begun % lines.length]
    line.call(dueAt)
    line.connection.flush()
    begun += 1
  }
  setImmediate(step)
}
step()

function endedCalls() {
  return lines.reduce((sum, line) => sum + line.ended, 0)
}

function report() {
  const ended = endedCalls()
  const bytes = lines.reduce((sum, { connection }) => sum + connection.dataBytes, 0)
  if (bytes < ended * sayHello.replyBytes) throw new Error('some calls failed')
  const times = lines.flatMap((line) => line.times)
  const kept = times.length / (seconds * rate)
  // Without the calls that wait still, a server that stalls would look fast.
  for (const dueAt of lines.flatMap((line) => line.unfinished())) if (dueAt >= countFrom) times.push(until - dueAt)
  times.sort((a, b) => a - b)
  const percentile = (share) => times[Math.floor(times.length * share)]
  console.log(
    JSON.stringify({ count: ended - endedBefore, seconds, kept, p50Ms: percentile(0.5), p99Ms: percentile(0.99) }),
  )
  process.exit(0)
}
