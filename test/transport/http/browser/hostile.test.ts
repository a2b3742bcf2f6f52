import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bindings } from './contract.js'
import { type Port, starting } from './fixture.js'
import { frame, frames, proto, send } from './raw.js'

/** Numbers below `most` that are the same in each run. */
function numbers(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

const json = '{"text":"Ada","number":"7"}'
const requests: readonly [type: string, body: Buffer, headers?: Record<string, string>][] = [
  ['application/grpc-web+proto', frame(0, proto('Ada'))],
  ['application/grpc-web+proto', frame(1, gzipSync(proto('Ada'))), { 'grpc-encoding': 'gzip' }],
  ['application/grpc-web+json', gzipSync(frame(0, json)), { 'content-encoding': 'gzip' }],
  ['application/grpc-web-text', Buffer.from(frame(0, proto('Ada')).toString('base64'))],
  ['application/connect+json', Buffer.concat([frame(0, json), frame(0, json)])],
  ['application/connect+proto', frame(1, gzipSync(proto('Ada'))), { 'connect-content-encoding': 'gzip' }],
  ['application/proto', proto('Ada')],
  ['application/proto', gzipSync(proto('Ada')), { 'content-encoding': 'gzip' }],
  ['application/json', Buffer.from(json), { 'connect-protocol-version': '1' }],
]

/** A few bytes changed, put in, left out or doubled. */
function spoilt(body: Buffer, next: (most: number) => number): Buffer {
  let bytes = body
  for (let left = next(4); left >= 0; left -= 1) {
    const at = next(bytes.length + 1)
    const odd = Buffer.from([next(256)])
    const rest = bytes.subarray(at)
    const how = next(4)
    const tail =
      how === 0 ? [odd, rest] : how === 1 ? [rest.subarray(1)] : how === 2 ? [odd, rest.subarray(1)] : [rest, rest]
    bytes = Buffer.concat([bytes.subarray(0, at), ...tail])
  }
  return bytes
}

it.each<Port>(['http()', 'serve()'])(
  'whatever comes, %s answers in the words of the protocol, and goes on',
  async (port) => {
    const { url } = await starting(
      port,
      bindings((messages) => messages),
      { maxBodyBytes: 10_000 },
    )
    const next = numbers(11)
    for (let round = 0; round < 300; round += 1) {
      const [type, body, more] = requests[next(requests.length)]!
      const to = ['Say', 'List', 'Join', 'Chat'][next(4)]!
      const sent = spoilt(body, next)
      const request = { path: `/web.v1.Web/${to}`, headers: { 'content-type': type, ...more }, body: sent }
      const { status, headers, body: answer } = await send(url, request)
      const about = `${type} to ${to}: ${sent.toString('hex')}`
      const answered = String(headers['content-type'])
      expect(answered, about).toMatch(/^application\/(json|proto|grpc-web.*|connect\+.*)$/)
      if (answered.includes('connect+')) expect(frames(answer).at(-1)?.[0], about).toBe(2)
      else if (answered === 'application/json' && status !== 200) {
        expect([400, 415, 429, 501], about).toContain(status)
        expect(JSON.parse(answer.toString()).code, about).toBeDefined()
      } else expect(status, about).toBe(200)
    }
  },
)
