import { openRegistry } from 'tierkit/registry'
import { etcd } from 'tierkit/registry/etcd'
import { describe, expect, it } from 'vitest'
import { parseEtcdUrl } from '../../../src/registry/etcd/etcd-options.js'
import { layoutsOf } from '../../../src/registry/etcd/layout.js'
import { instanceOf } from '../fixture.js'

describe('an etcd URL', () => {
  it.each([
    ['etcd:', {}],
    ['etcd://', {}],
    ['etcd:///', {}],
    ['etcd://a:2379', { hosts: ['a:2379'] }],
    ['etcd://a:2379,[::1]:2380/', { hosts: ['a:2379', '[::1]:2380'] }],
    ['etcd://us%40er:p%3A:w@a:1', { hosts: ['a:1'], auth: { username: 'us@er', password: 'p::w' } }],
    [
      'etcd://a:1/?layout=naming&ttl=15&prefix=/apps&tls=true',
      { hosts: ['a:1'], layout: 'naming', ttlMs: 15_000, prefix: '/apps', tls: true },
    ],
  ])('%s is read', (url, options) => {
    expect(parseEtcdUrl(url)).toEqual({ tls: false, ...options })
  })

  it.each([
    ['etcd://a:1/orders', 'expected etcd://'],
    ['etcd://a:1/?lay=out', "unknown option 'lay'; known are layout, prefix, tls, ttl"],
    ['etcd://a:1/?layout=consul', "layout must be kratos or naming, not 'consul'"],
    ['etcd://a:1/?ttl=soon', "ttl must be seconds, not 'soon'"],
    ['etcd://a:1/?tls=1', "tls must be true or false, not '1'"],
    ['etcd://a b:1', "'a b:1' is not an etcd member: expected host:port"],
    ['etcd://a:1,,b:1', "'' is not an etcd member"],
  ])('%s is refused with the reason', (url, reason) => {
    expect(() => openRegistry(url)).toThrow(reason)
  })

  it('keeps its password out of errors', () => {
    expect(() => openRegistry('etcd://user:secret@a:1/?x=1')).toThrow(/^(?!.*secret)/)
  })

  it('may leave the port of a member out', async () => {
    await etcd({ hosts: ['a', '[::1]'] }).close()
  })
})

describe('the layouts in etcd', () => {
  const instance = instanceOf('orders', 'o-1', {
    metadata: { zone: 'a' },
    endpoints: ['http://10.0.0.1:8000', 'grpc://10.0.0.1:9000'],
  })

  it('write what Kratos reads', () => {
    const [kratos] = layoutsOf({})
    expect(kratos.keyOf(instance)).toBe('/microservices/orders/o-1')
    expect(JSON.parse(kratos.encode(instance))).toEqual({
      id: 'o-1',
      name: 'orders',
      version: '1.0.0',
      metadata: { zone: 'a' },
      endpoints: ['http://10.0.0.1:8000', 'grpc://10.0.0.1:9000'],
    })
    expect(layoutsOf({ prefix: '/apps/' })[0].keyOf(instance)).toBe('/apps/orders/o-1')
  })

  it('write what gRPC for Go reads', () => {
    const [naming] = layoutsOf({ layout: 'naming' })
    expect(naming.keyOf(instance)).toBe('orders/o-1')
    expect(JSON.parse(naming.encode(instance))).toMatchObject({ Op: 0, Addr: '10.0.0.1:9000' })
    expect(naming.decode('orders/o-1', naming.encode(instance))).toEqual(instance)
    expect(layoutsOf({ layout: 'naming', prefix: '/svc' })[0].keyOf(instance)).toBe('/svc/orders/o-1')
  })

  it('read what gRPC for Go writes', () => {
    const [naming] = layoutsOf({ layout: 'naming' })
    expect(naming.decode('orders/10.0.0.1:9000', '{"Addr":"10.0.0.1:9000"}')).toEqual({
      id: '10.0.0.1:9000',
      name: 'orders',
      version: '',
      metadata: {},
      endpoints: ['grpc://10.0.0.1:9000'],
    })
    const weighted = naming.decode('orders/1', '{"Op":0,"Addr":"a:1","Metadata":{"weight":5,"zone":"a","more":[1]}}')
    expect(weighted?.metadata).toEqual({ weight: '5', zone: 'a' })
    expect(naming.decode('orders/1', '{"Op":1,"Addr":"a:1"}')).toBeUndefined()
    expect(() => naming.decode('orders/1', '{"Op":0}')).toThrow('Addr must be a string that is not empty')
    expect(() => naming.decode('orders/1', 'a:1')).toThrow('not JSON: "a:1"')
  })
})
