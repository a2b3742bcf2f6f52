import { once } from 'node:events'
import { connect } from 'node:net'
import { Registry } from 'prom-client'
import type { GrpcServerOptions } from 'tierkit/transport/grpc'
import { describe, expect, it } from 'vitest'
import { MAGIC, ping, settings } from '../../http2/peer/frames.js'
import { fast } from '../grpc-suite/engines.js'
import { afterwards, bind, call, fixtureOf } from '../grpc-suite/fixture.js'
import { RawConnection } from './raw/raw-connection.js'

const { serve, open } = fixtureOf(fast)
const echo = bind('unary', async (request: string) => request)

async function attack(options: GrpcServerOptions): Promise<{ url: string; debug: string }> {
  const { address, url } = await serve([echo], options)
  const attacker = await RawConnection.to(address.port)
  afterwards(async () => void attacker.socket.destroy())
  attacker.send(MAGIC, settings(), settings(), settings(), settings())
  return { url, debug: (await attacker.outcome(1)).debug }
}

describe('limits of a server', () => {
  it('ends a connection that breaks one, tells of it, counts it, and serves the others', async () => {
    const told: string[] = []
    const registry = new Registry()
    const limits = { idleFrameBurst: 2, idleFramesPerSecond: 1 }
    const { url, debug } = await attack({ limits, registry, onBreach: (limit) => told.push(limit) })
    expect(debug).toBe('too many frames that carry nothing')
    expect(told).toEqual(['idleFramesPerSecond'])
    expect(await registry.getSingleMetricAsString('tierkit_http2_breaches_total')).toContain(
      'tierkit_http2_breaches_total{limit="idleFramesPerSecond"} 1',
    )
    expect(await call(open(url), 'unary', 'still there').response).toBe('still there')
  })

  it('goes on when whoever is told of a breach throws', async () => {
    const onBreach = () => {
      throw new Error('no')
    }
    const limits = { idleFrameBurst: 2, idleFramesPerSecond: 1 }
    const { url } = await attack({ limits, registry: new Registry(), onBreach })
    expect(await call(open(url), 'unary', 'still there').response).toBe('still there')
  })

  it('counts too many pings as a breach', async () => {
    const told: string[] = []
    const { address } = await serve([echo], { registry: new Registry(), onBreach: (limit) => told.push(limit) })
    const connection = await RawConnection.to(address.port)
    afterwards(async () => void connection.socket.destroy())
    connection.send(MAGIC, settings(), ping('1_______'), ping('2_______'), ping('3_______'), ping('4_______'))
    await connection.outcome(1)
    expect(told).toEqual(['pings'])
  })

  it('closes connections beyond the number that it may have', async () => {
    const { address } = await serve([echo], { maxConnections: 1 })
    const first = connect(address.port, '127.0.0.1')
    afterwards(async () => void first.destroy())
    await once(first, 'connect')
    const second = connect(address.port, '127.0.0.1')
    await once(second, 'close')
    expect(first.destroyed).toBe(false)
  })
})
