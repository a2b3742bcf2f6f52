import { once } from 'node:events'
import { connect } from 'node:net'
import type { Context } from 'tierkit/endpoint'
import { outgoingContext } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { httpChannel, httpServer } from 'tierkit/transport/http'
import { expect, it, onTestFinished } from 'vitest'
import { ca, clientCert, clientKey, serverCert, serverKey } from '../../fixtures/certificates.js'
import { binding, orderMethod, serverWith } from './fixture.js'

const tls = { key: serverKey, cert: serverCert }
const method = orderMethod()

/** Calls over TLS, and gives the certificate that the server saw. */
async function call(url: string, options: Parameters<typeof httpChannel>[1]): Promise<unknown> {
  const channel = httpChannel(url, options)
  onTestFinished(() => channel.close())
  const context = outgoingContext(method)
  return channel.endpoint(method)({}, context)
}

const who = binding({}, async (_, { peer }: Context) => ({
  note: `${peer?.certificate?.commonName} ${peer?.certificate?.subjectAltNames.join()}`,
}))

it('a server and a client speak TLS', async () => {
  const { url } = await serverWith([who], { tls })
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  expect(await call(url, { tls: { ca } })).toMatchObject({ note: 'undefined undefined' })
})

it('a server that asks for certificates knows its clients by them', async () => {
  const { url } = await serverWith([who], { tls: { ...tls, clientCa: ca } })
  expect(await call(url, { tls: { ca, key: clientKey, cert: clientCert } })).toMatchObject({
    note: 'client URI:spiffe://test/client',
  })
  await expect(call(url, { tls: { ca } })).rejects.toMatchObject({ code: Code.UNAVAILABLE })
})

it('a server that cannot be trusted gets no request', async () => {
  const { url, port } = await serverWith([who], { tls })
  await expect(call(url, {})).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
  const other = { tls: { ca, serverName: 'other.example' } }
  await expect(call(url, other)).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
  await expect(call(`http://127.0.0.1:${port}`, {})).rejects.toMatchObject({ code: Code.UNAVAILABLE })
})

it('a key that is none keeps the server from starting', async () => {
  const server = httpServer({ tls: { key: 'x', cert: 'y' } })
  await expect(server.listen([])).rejects.toMatchObject({
    code: Code.FAILED_PRECONDITION,
    rawMessage: expect.stringMatching(/^tls: /),
  })
})

it('connections that never finish their handshake do not keep the server', async () => {
  const { server, port } = await serverWith([who], { tls })
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  await server.close()
  await closed
})
