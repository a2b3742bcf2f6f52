import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import { createGzip } from 'node:zlib'
import { Code, codeName } from 'tierkit/error'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TargetProcess } from '../process/target-process.js'
import { Traffic } from '../process/traffic.js'
import type { Vitals } from '../process/vitals.js'
import { report, scaled } from '../scale.js'
import { callTimes } from './victim.js'

const { one } = Traffic.methods
// In full, 16 MiB; a process that has done little so far grows by itself.
const GROWTH_MB = scaled(64, 16)
const BOMB_MB = scaled(128, 1024)

let target: TargetProcess
let session: ClientHttp2Session
let before: Vitals
beforeAll(async () => {
  target = await TargetProcess.start({ http: true })
  await callTimes(target.url, scaled(1000, 20_000))
})
beforeEach(async () => {
  session = connect(target.url.replace('grpc', 'http'))
  session.on('error', () => {})
  await post(session, '/no/such', {}, Buffer.alloc(5))
  before = await target.reset()
})
afterEach(async ({ task }) => {
  session.destroy()
  const { peakRssMb, heapMb } = await target.vitals()
  report(43, { name: task.name, grownMb: peakRssMb - before.rssMb, heapMb: heapMb - before.heapMb })
  expect(target.alive).toBe(true)
  expect(peakRssMb - before.rssMb).toBeLessThanOrEqual(GROWTH_MB)
  await callTimes(target.url, 1)
})
afterAll(() => target?.[Symbol.asyncDispose]())

/** What a server answers: the name of a gRPC status, or an HTTP status. */
function post(
  to: ClientHttp2Session,
  path: string,
  headers: OutgoingHttpHeaders,
  body: Buffer,
): Promise<string | number> {
  const call = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' }
  const stream = to.request({ ...call, ...headers })
  return new Promise((resolve) => {
    let status: string | number = 'none'
    const hear = (fields: Record<string, unknown>): void => {
      const code = fields['grpc-status']
      if (code !== undefined) status = codeName(Number(code) as Code)
      else if (fields[':status'] !== undefined && fields[':status'] !== 200) status = Number(fields[':status'])
    }
    stream
      .on('response', hear)
      .on('trailers', hear)
      .on('error', () => {})
      .resume()
    stream.on('close', () => resolve(status))
    stream.on('end', () => stream.close())
    stream.end(body)
  })
}

function prefixed(flag: number, length: number, bytes: Uint8Array = new Uint8Array(0)): Buffer {
  const prefix = Buffer.alloc(5)
  prefix[0] = flag
  prefix.writeUInt32BE(length, 1)
  return Buffer.concat([prefix, bytes])
}

/** So many MiB of zeros, compressed. */
async function gzippedZeros(mebibytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: 9 })
  const zeros = Buffer.alloc(2 ** 20)
  const write = async (): Promise<void> => {
    for (let count = 0; count < mebibytes; count += 1) {
      if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve))
    }
    gzip.end()
  }
  const chunks: Buffer[] = []
  void write()
  for await (const chunk of gzip) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('a server', () => {
  it('answers a hundred messages of 2 GiB with RESOURCE_EXHAUSTED, for what they declare', async () => {
    const begun = prefixed(0, 2 ** 31 - 1, new Uint8Array(100))
    const answers = Array.from({ length: 100 }, () => post(session, one.path, {}, begun))
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['RESOURCE_EXHAUSTED']))
  })

  it('keeps no room for what is declared and does not come', async () => {
    const streams = Array.from({ length: 100 }, () => {
      const stream = session.request({
        ':method': 'POST',
        ':path': one.path,
        'content-type': 'application/grpc',
        te: 'trailers',
      })
      stream.on('error', () => {})
      stream.write(prefixed(0, 4 * 2 ** 20, new Uint8Array(10)))
      return stream
    })
    await new Promise<void>((resolve) => session.ping(() => resolve()))
    for (const stream of streams) stream.close()
  })

  it('answers a gzip bomb with RESOURCE_EXHAUSTED', { timeout: 120_000 }, async () => {
    const bomb = await gzippedZeros(BOMB_MB)
    const answer = post(session, one.path, { 'grpc-encoding': 'gzip' }, prefixed(1, bomb.length, bomb))
    expect(await answer).toBe('RESOURCE_EXHAUSTED')
  })

  it('refuses header fields of 63 KiB, and the connection goes on', async () => {
    expect(await post(session, one.path, { 'x-large': 'x'.repeat(63 * 1024) }, prefixed(0, 0))).toBe(431)
    expect(await post(session, one.path, {}, prefixed(0, 0))).toBe('OK')
  })

  it('takes unknown groups within groups, a hundred thousand deep, for what they are: no message', async () => {
    const groups = Buffer.concat([Buffer.alloc(100_000, 0x13), Buffer.alloc(100_000, 0x14)])
    expect(await post(session, one.path, {}, prefixed(0, groups.length, groups))).toBe('INTERNAL')
  })
})

describe('a server of HTTP and JSON', () => {
  const call = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const request = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
    const response = await fetch(`${target.httpUrl}${one.path}`, request as RequestInit)
    return [response.status, await response.text()]
  }

  it.each([
    ['lists', '['.repeat(1e5), ']'.repeat(1e5)],
    ['objects', '{"text":'.repeat(1e5), `1${'}'.repeat(1e5)}`],
    ['lists in an unknown field', `{"other":${'['.repeat(1e5)}`, `${']'.repeat(1e5)}}`],
    ['lists that do not end', '['.repeat(1e5), ''],
  ])('answers %s, a hundred thousand deep, with INVALID_ARGUMENT', async (_, open, close) => {
    const [status, body] = await call(open + close)
    expect([status, JSON.parse(String(body)).code]).toEqual([400, Code.INVALID_ARGUMENT])
  })

  it('refuses header fields of 63 KiB', async () => {
    const [status] = await call('{}', { 'x-large': 'x'.repeat(63 * 1024) })
    expect(status).toBe(431)
  })

  it('answers a gzip bomb with an error', async () => {
    const bomb = await gzippedZeros(BOMB_MB)
    const [status] = await call(bomb, { 'content-encoding': 'gzip' })
    expect([413, 415, 429, 400]).toContain(status)
  })
})
