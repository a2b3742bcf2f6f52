import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { Code } from 'tierkit/error'
import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { describe, expect, it } from 'vitest'
import { GrpcConnections } from '../../../src/transport/grpc/serve/grpc-connections.js'
import { ca, serverCert, serverKey } from '../../fixtures/certificates.js'
import { content, headers, MAGIC, ping, settings } from '../../http2/peer/frames.js'
import { block } from '../../http2/peer/hpack-writer.js'
import { fast } from '../grpc-suite/engines.js'
import { afterwards, bind, call, fixtureOf, gate } from '../grpc-suite/fixture.js'
import { frame } from '../grpc-suite/raw-client.js'
import { RawConnection } from './raw/raw-connection.js'

const { serve } = fixtureOf(fast)
const echo = bind('unary', async (request: string) => request)

const request = (type: string) =>
  block(
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', '/test.Text/unary'],
    [':authority', 'x'],
    ['content-type', type],
  )

async function greeted(port: number): Promise<RawConnection> {
  const connection = await RawConnection.to(port)
  afterwards(async () => void connection.socket.destroy())
  return connection.send(MAGIC, settings())
}

describe('a connection', () => {
  it('is closed when its client pings too often', async () => {
    const { address } = await serve([echo])
    const connection = await greeted(address.port)
    connection.send(ping('1_______'), ping('2_______'), ping('3_______'), ping('4_______'))
    expect(await connection.outcome(1)).toMatchObject({ end: 'goaway 11', debug: 'too_many_pings' })
  })

  it.each([
    ['max_idle', { maxConnectionIdleMs: 10 }],
    ['max_age', { maxConnectionAgeMs: 10 }],
  ])('says %s when its time is over', async (reason, options) => {
    const { address } = await serve([echo], options)
    const connection = await greeted(address.port)
    expect(await connection.until(() => connection.debug || undefined)).toBe(reason)
  })

  it('ends calls that go on for longer than an old connection is granted', async () => {
    const cancelled = gate<unknown>()
    const waiting = bind('unary', (_, context) => {
      context.onCancel(cancelled.open)
      return new Promise(() => {})
    })
    const { url } = await serve([waiting], { maxConnectionAgeMs: 20, maxConnectionAgeGraceMs: 20 })
    const channel = grpcChannel(url)
    afterwards(() => channel.close())
    await expect(call(channel, 'unary', 'x').response).rejects.toMatchObject({ code: Code.UNAVAILABLE })
    expect(await cancelled.reached).toMatchObject({ code: Code.UNAVAILABLE })
  })
})

describe('connections that were accepted elsewhere', () => {
  it('are served, and what is no call of gRPC goes to the fallback', async () => {
    const connections = new GrpcConnections({
      options: {},
      bindings: [echo],
      fallback({ stream, block, connection }) {
        block.memo = connection.socket.remotePort
        stream.sendHeaders([':status', '299'], ['x-seen', `${connection.otherRequests}, ${block.memo}`], true)
        const nothing = () => {}
        return { onHeaders: nothing, onData: nothing, onTrailers: nothing, onEnd: nothing, onDrain: nothing }
      },
    })
    const listener = createServer((socket) => connections.accept(socket)).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    const connection = await greeted(port)
    connection.send(headers(1, request('text/plain')), content(1, 'x', { end: true }))
    const { localPort } = connection.socket
    expect(await connection.outcome(1)).toMatchObject({ end: 'http 299', fields: { 'x-seen': `1, ${localPort}` } })
    connection.send(headers(3, request('application/grpc')), content(3, frame('x'), { end: true }))
    expect((await connection.outcome(3)).end).toBe('grpc 0')
    connections.destroy()
    await connections.whenNone()
    listener.close()
  })
})

describe('TLS', () => {
  it('is not spoken with a client that does not agree on HTTP/2', async () => {
    const { address } = await serve([echo], { tls: { key: serverKey, cert: serverCert } })
    for (const ALPNProtocols of [[], ['http/1.1']]) {
      const socket = connectTls({ host: '127.0.0.1', port: address.port, ca, ALPNProtocols, servername: 'localhost' })
      socket.on('error', () => {})
      await new Promise((resolve) => socket.resume().once('close', resolve))
    }
  })

  it('is not spoken with a server that does not agree on HTTP/2', async () => {
    const server = createTlsServer({ key: serverKey, cert: serverCert }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    afterwards(async () => void server.close())
    const { port } = server.address() as AddressInfo
    const channel = grpcChannel(`grpcs://127.0.0.1:${port}`, { tls: { ca } })
    afterwards(() => channel.close())
    await expect(call(channel, 'unary', 'x').response).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      neverSent: true,
      rawMessage: expect.stringContaining('does not speak HTTP/2'),
    })
  })
})

it('a server that is closed before it listened does not listen', async () => {
  const server = grpcServer({ host: '127.0.0.1' })
  await server.close()
  await expect(server.listen([echo])).rejects.toThrow('has listened before')
})
