import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { expect, it } from 'vitest'
import { ca, serverCert, serverKey } from '../../fixtures/certificates.js'
import type { GrpcFixture } from './fixture.js'

/** What channels say of who they want to reach. */
export function serverNameSuite({ engine }: GrpcFixture): void {
  it.each([
    ['127.0.0.1', undefined, false],
    ['localhost', undefined, 'localhost'],
    ['127.0.0.1', 'localhost', 'localhost'],
  ])('a channel to %s with the server name %s sends the name %s', async (host, serverName, sent) => {
    const server = createServer({ key: serverKey, cert: serverCert, ALPNProtocols: ['h2'] }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const channel = engine.channel(`grpcs://${host}:${port}`, { tls: { ca, serverName } })
    channel.connect()
    const [socket] = (await once(server, 'secureConnection')) as [TLSSocket & { servername: string | false }]
    expect(socket.servername).toBe(sent)
    socket.destroy()
    await channel.close()
    server.close()
  })
}
