import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { ca, clientCert, clientKey, serverCert, serverKey } from '../../fixtures/certificates.js'
import { bind, call, type GrpcFixture } from './fixture.js'

/** TLS, and what it proves. */
export function tlsSuite({ open, serve }: GrpcFixture): void {
  const whoAmI = bind('unary', async (_, { peer }) => JSON.stringify(peer?.certificate ?? null))
  const tls = { key: serverKey, cert: serverCert }
  const mutual = { ...tls, clientCa: ca }

  const localhost = (url: string) => url.replace('127.0.0.1', 'localhost')

  describe('TLS', () => {
    it('serves grpcs, and shows the certificate of the server to the client', async () => {
      const { url } = await serve([whoAmI], { tls })
      expect(url).toMatch(/^grpcs:/)
      const { context, response } = call(open(localhost(url), { tls: { ca } }), 'unary', '')
      expect(await response).toBe('null')
      expect(context.peer).toMatchObject({
        address: localhost(url).slice('grpcs://'.length),
        certificate: { commonName: 'server', subjectAltNames: ['DNS:localhost', 'IP Address:127.0.0.1'] },
      })
    })

    it('verifies the server, against another name if it is told so', async () => {
      const { url } = await serve([whoAmI], { tls })
      const reach = (options: object) => call(open(localhost(url), options), 'unary', '').response
      await expect(reach({})).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
      await expect(reach({ tls: { ca, serverName: 'elsewhere' } })).rejects.toMatchObject({ code: Code.UNAVAILABLE })
      expect(await call(open(url, { tls: { ca, serverName: 'localhost' } }), 'unary', '').response).toBe('null')
    })

    it('is not spoken with who speaks plain text', async () => {
      const secure = await serve([whoAmI], { tls })
      const plain = await serve([whoAmI])
      const reach = (url: string) => call(open(url, { tls: { ca } }), 'unary', '').response
      await expect(reach(secure.url.replace('grpcs', 'grpc'))).rejects.toMatchObject({ code: Code.UNAVAILABLE })
      await expect(reach(localhost(plain.url).replace('grpc', 'grpcs'))).rejects.toMatchObject({
        code: Code.UNAVAILABLE,
      })
    })

    it('says what is wrong with the certificate of a client', () => {
      expect(() => open('grpcs://localhost:1', { tls: { ca: 'none', key: 'none', cert: 'none' } })).toThrow(
        'the key or a certificate of the gRPC channel cannot be used: ',
      )
    })
  })

  describe('mutual TLS', () => {
    it('shows who the client proved to be', async () => {
      const { url } = await serve([whoAmI], { tls: mutual })
      const channel = open(localhost(url), { tls: { ca, key: clientKey, cert: clientCert } })
      for (let n = 0; n < 2; n += 1) {
        expect(JSON.parse(String(await call(channel, 'unary', '').response))).toMatchObject({
          commonName: 'client',
          subjectAltNames: ['URI:spiffe://test/client'],
          fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
        })
      }
    })

    it('lets nobody in who proves nothing', async () => {
      const { url } = await serve([whoAmI], { tls: mutual })
      const { response } = call(open(localhost(url), { tls: { ca } }), 'unary', '')
      await expect(response).rejects.toMatchObject({ code: Code.UNAVAILABLE })
    })
  })
}
