import { join } from 'node:path'
import { type App, createApp, grpc, http } from 'tierkit/app'
import { implement, parseProto } from 'tierkit/service'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silent } from '../app/fake-parts.js'
import { serverCert, serverKey } from '../fixtures/certificates.js'
import { folderWith } from '../generate/fixtures.js'
import { run } from './run.js'

const proto = `syntax = "proto3"; package t.v1;
message Note { string text = 1; }
service Notes { rpc Echo(Note) returns (Note); }`

let app: App
let [plain, web, secure] = ['', '', '']
beforeAll(async () => {
  const notes = implement(parseProto(proto).service('t.v1.Notes'), { echo: (note: object) => note })
  const host = '127.0.0.1'
  const servers = [grpc({ host }), http({ host }), grpc({ host, tls: { key: serverKey, cert: serverCert } })]
  app = createApp({ name: 'notes', services: [notes], servers, middleware: [], admin: false, logger: silent })
  const addresses = await app.start()
  ;[plain = '', web = '', secure = ''] = addresses.servers.map(({ port }) => `${host}:${port}`)
})
afterAll(() => app.stop())

const contract = (): string => join(folderWith({ 'notes.proto': proto }), 'notes.proto')
const call = (target: string, ...more: string[]) =>
  run(['call', target, 't.v1.Notes/Echo', '{}', '--proto', contract(), ...more])

it.each([
  ['TLS where there is none', () => call(plain, '--tls'), 14, /hint: does the server speak TLS\?/],
  ['no TLS where there is some', () => call(secure), 14, /hint: does the server want TLS\? --tls/],
  ['a certificate that nobody vouches for', () => call(secure, '--tls'), 14, /hint: --ca FILE/],
  ['gRPC where HTTP is spoken', () => call(web), 14, /hint: does the server speak gRPC\?/],
  ['HTTP where gRPC is spoken', () => call(`http://${plain}`), 13, /hint: does the server speak HTTP\/1\.1\?/],
])('%s fails with a hint behind the error', async (_, calling, code, hint) => {
  const { code: ended, err } = await calling()
  expect(ended).toBe(code)
  const lines = err.trim().split('\n')
  expect(lines[0]).toMatch(/^(UNAVAILABLE|INTERNAL): /)
  expect(lines.at(-1)).toMatch(hint)
})

it('there is no hint where a server answers with an error', async () => {
  const { code, err } = await run(['call', plain, 't.v1.Notes/Echo', '{}'])
  expect(code).toBe(12)
  expect(err).not.toContain('hint')
})

it('options that cannot be read are refused before anything is called', async () => {
  const text = contract()
  const refused = { code: 64, out: '' }
  expect(await call(plain, '--metadata', 'x-bin=%%%')).toEqual({
    ...refused,
    err: 'tierkit: --metadata x-bin: the value of a key in -bin is base64, not "%%%"\n',
  })
  expect(await call(plain, '--metadata', 'x-bin=AAE')).toMatchObject({ code: 0 })
  expect(await call(secure, '--ca', text)).toEqual({
    ...refused,
    err: `tierkit: --ca ${text}: there is no CERTIFICATE in it, as PEM has it\n`,
  })
  expect(await call('127.0.0.1')).toEqual({ ...refused, err: 'tierkit: 127.0.0.1 has no port: expected host:port\n' })
  expect(await call(plain, '--nope')).toMatchObject({
    ...refused,
    err: expect.stringMatching(/^tierkit: unknown option --nope: there are --help, --proto, /),
  })
})
