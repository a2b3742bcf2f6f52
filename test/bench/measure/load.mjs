import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installed, runToEnd } from './process.mjs'

const WARM_UP_SECONDS = 1

/** `SayHello` with name "world": message and gRPC frame. */
const frame = Buffer.from([0, 0, 0, 0, 7, 10, 5, ...Buffer.from('world')])

/** Bytes of the reply: gRPC frame, field and "Hello world". */
const REPLY_BYTES = 18

/** What puts unary load on gRPC servers here. */
export const grpcLoad = installed('h2load') ? 'h2load' : 'load/unary.mjs, which writes frames to sockets'

/** Calls a second that a gRPC server answers to 100 unary calls in flight on 10 connections, and its CPU time a call. */
export async function grpcLoadOn(server, seconds) {
  if (!installed('h2load')) return loadOn(server, 'unary', seconds)
  const folder = mkdtempSync(join(tmpdir(), 'tierkit-bench-'))
  const file = join(folder, 'request')
  writeFileSync(file, frame)
  try {
    await h2load(server.port, file, WARM_UP_SECONDS)
    const before = server.cpuMicros()
    const { calls, perSecond } = await h2load(server.port, file, seconds)
    return { value: perSecond, ...cpuOf(between(before, server.cpuMicros()), calls, calls / perSecond) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function h2load(port, file, seconds) {
  const headers = ['-H', 'content-type: application/grpc', '-H', 'te: trailers']
  const url = `http://127.0.0.1:${port}/bench.Greeter/SayHello`
  const out = await runToEnd('h2load', ['-t1', '-c10', '-m10', '-D', String(seconds), '-d', file, ...headers, url])
  const [, done, succeeded, failed] = /requests:.* (\d+) done, (\d+) succeeded, (\d+) failed/.exec(out) ?? []
  const bytes = Number(/traffic:.*\((\d+)\) data/.exec(out)?.[1])
  // A call that failed has no message. Replies may be on their way when the time is up.
  const whole = bytes >= Number(done) * REPLY_BYTES && bytes <= (Number(done) + 100) * REPLY_BYTES
  if (failed !== '0' || done !== succeeded || !whole) throw new Error(`h2load saw failures:\n${out}`)
  return { calls: Number(done), perSecond: Number(/finished in [\d.]+s, ([\d.]+) req\/s/.exec(out)?.[1]) }
}

/**
 * Runs `load/NAME.mjs` on a server: what it counted a second and the server's CPU time each, with all else that it says.
 * A load prints `counting` when its warm-up is over, and at the end what it counted, in JSON.
 */
export async function loadOn(server, name, seconds, ...args) {
  const said = await counted(server, `load/${name}.mjs`, [server.port, seconds, ...args])
  return { ...said, value: said.count / said.seconds, ...cpuOf(said.server, said.count, said.seconds) }
}

/** Runs a client program against a server: calls a second, and CPU time a call of the `client` or of `both`. */
export async function clientOn(server, { program, args, seconds, side }) {
  const said = await counted(server, `contenders/${program}.mjs`, [server.port, seconds, ...args])
  const both = said.server === undefined ? undefined : said.cpuMicros + said.server
  const total = side === 'both' ? both : said.cpuMicros
  return { value: said.count / said.seconds, ...cpuOf(total, said.count, said.seconds) }
}

async function counted(server, program, args) {
  let before
  let after
  let said
  await runToEnd('node', [program, ...args.map(String)], (line) => {
    if (line === 'counting') before = server.cpuMicros()
    if (!line.startsWith('{')) return
    after = server.cpuMicros()
    said = JSON.parse(line)
  })
  return { ...said, server: between(before, after) }
}

/** Requests a second that an HTTP server answers to 100 connections, by wrk, and its CPU time a request. */
export async function httpLoadOn(server, { path, body, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'tierkit-bench-'))
  const script = join(folder, 'request.lua')
  const post = `wrk.method = "POST"\nwrk.body = '${body}'\nwrk.headers["content-type"] = "application/json"\n`
  writeFileSync(script, body === undefined ? '' : post)
  const wrk = (time) =>
    runToEnd('wrk', ['-t1', '-c100', `-d${time}s`, '-s', script, `http://127.0.0.1:${server.port}${path}`])
  try {
    await wrk(WARM_UP_SECONDS)
    const before = server.cpuMicros()
    const out = await wrk(seconds)
    const used = between(before, server.cpuMicros())
    if (/Non-2xx/.test(out)) throw new Error(`wrk saw failures:\n${out}`)
    const requests = Number(/(\d+) requests in/.exec(out)?.[1])
    const value = Number(/Requests\/sec:\s+([\d.]+)/.exec(out)?.[1])
    return { value, ...cpuOf(used, requests, requests / value) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function between(before, after) {
  return before === undefined ? undefined : after - before
}

/** CPU time of each, and the share of the time that a core was busy with it. */
function cpuOf(total, count, seconds) {
  return total === undefined ? {} : { cpuMicros: total / count, busy: total / (seconds * 1e6) }
}
