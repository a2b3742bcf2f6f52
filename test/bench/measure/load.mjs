import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installed, runToEnd } from './process.mjs'

/** `SayHello` with name "world": message and gRPC frame. */
const frame = Buffer.from([0, 0, 0, 0, 7, 10, 5, ...Buffer.from('world')])

/** What puts load on gRPC servers here. */
export const grpcLoad = installed('h2load') ? 'h2load' : 'grpc-js client'

/** Calls a second that a gRPC server answers to 100 unary calls in flight on 10 connections. */
export async function grpcCallsPerSecond(port, seconds) {
  if (grpcLoad !== 'h2load') return clientCallsPerSecond('contenders/grpc-js-client.mjs', port, seconds)
  const file = join(mkdtempSync(join(tmpdir(), 'tierkit-bench-')), 'request')
  writeFileSync(file, frame)
  const headers = ['-H', 'content-type: application/grpc', '-H', 'te: trailers']
  const url = `http://127.0.0.1:${port}/bench.Greeter/SayHello`
  const load = ['-t1', '-c10', '-m10', '-D', String(seconds), '--warm-up-time', '1', '-d', file, ...headers, url]
  const out = await runToEnd('h2load', load)
  const failed = /requests:.* (\d+) failed, (\d+) errored/.exec(out)
  if (failed?.[1] !== '0' || failed[2] !== '0') throw new Error(`h2load saw failures:\n${out}`)
  return Number(/finished in [\d.]+s, ([\d.]+) req\/s/.exec(out)?.[1])
}

/** Calls a second that a client program reaches against a server, as it says itself. */
export async function clientCallsPerSecond(program, port, seconds, ...args) {
  const out = await runToEnd('node', [program, String(port), String(seconds), ...args])
  return Number(/^calls\/s (\d+(\.\d+)?)/m.exec(out)?.[1])
}

/** Requests a second that an HTTP server answers to 100 connections, by wrk. */
export async function httpRequestsPerSecond(port, path, body, seconds) {
  const script = join(mkdtempSync(join(tmpdir(), 'tierkit-bench-')), 'post.lua')
  writeFileSync(script, `wrk.method = "POST"\nwrk.body = '${body}'\nwrk.headers["content-type"] = "application/json"\n`)
  const out = await runToEnd('wrk', ['-t1', '-c100', `-d${seconds}s`, '-s', script, `http://127.0.0.1:${port}${path}`])
  if (/Non-2xx/.test(out)) throw new Error(`wrk saw failures:\n${out}`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(out)?.[1])
}
