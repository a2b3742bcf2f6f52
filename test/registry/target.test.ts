import { openRegistry, parseTarget } from 'tierkit/registry'
import { describe, expect, it } from 'vitest'

describe('parseTarget', () => {
  it.each([
    ['etcd://host:2379/orders', 'etcd://host:2379', 'orders'],
    ['etcd:///orders', 'etcd://', 'orders'],
    [
      'etcd://user:pass@a:2379,b:2379/shop.v1.Orders?layout=naming',
      'etcd://user:pass@a:2379,b:2379/?layout=naming',
      'shop.v1.Orders',
    ],
    ['etcd://host:2379/team/orders', 'etcd://host:2379', 'team/orders'],
    ['file:///tmp/shop/orders', 'file:///tmp/shop', 'orders'],
    ['file:shop/orders', 'file:shop', 'orders'],
    ['memory:///orders', 'memory://', 'orders'],
  ])('reads %s as a service of a registry', (target, registry, service) => {
    expect(parseTarget(target)).toEqual({ kind: 'service', registry, service })
  })

  it.each([
    ['10.0.0.7:9000', ['grpc://10.0.0.7:9000']],
    ['localhost:9000', ['grpc://localhost:9000']],
    ['[::1]:9000', ['grpc://[::1]:9000']],
    ['grpcs://orders.example.com', ['grpcs://orders.example.com']],
    ['http://127.0.0.1:8000', ['http://127.0.0.1:8000']],
    ['static:///a:1,b:2', ['grpc://a:1', 'grpc://b:2']],
    ['static:///http://a:1, grpc://b:2', ['http://a:1', 'grpc://b:2']],
    ['static:a:1', ['grpc://a:1']],
  ])('reads %s as addresses', (target, addresses) => {
    expect(parseTarget(target)).toEqual({ kind: 'addresses', addresses })
  })

  it.each([
    ['zk://host/orders', "unknown scheme 'zk'; known are grpc, grpcs, http, https, inproc, static, memory, file, etcd"],
    ['etcd://host:2379/', 'names no service: expected etcd://…/SERVICE'],
    ['etcd://host:2379', 'names no service'],
    ['static:///a:1,,b:2', 'has an empty address in its list'],
    ['not an address', 'is not an address: expected host:port'],
    ['', 'is not an address'],
  ])('says what is wrong with "%s"', (target, message) => {
    expect(() => parseTarget(target)).toThrow(message)
  })
})

describe('openRegistry', () => {
  it('names the schemes it knows when it does not know one', () => {
    expect(() => openRegistry('zk://host')).toThrow(
      "registry 'zk://host': unknown scheme 'zk'; known are static, memory",
    )
  })

  it('opens a registry of fixed addresses', async () => {
    const registry = openRegistry('static:///a:9000,http://b:8000')
    for await (const instances of registry.watch('anything', AbortSignal.timeout(10_000))) {
      expect(instances.map(({ endpoints }) => endpoints)).toEqual([['grpc://a:9000'], ['http://b:8000']])
      break
    }
    await registry.close()
  })
})
