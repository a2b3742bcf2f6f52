import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { advertisedUrls } from '../../../src/app/part/advertise.js'

vi.mock('node:os', () => ({ networkInterfaces: vi.fn(() => ({})) }))
afterEach(() => vi.unstubAllEnvs())

const at = (host: string) => [{ host, port: 9000, url: `grpcs://${host}:9000` }]
const interfaces = (...addresses: { address: string; family: string; internal: boolean }[]): void => {
  vi.mocked(networkInterfaces).mockReturnValue({ some: addresses } as never)
}
const loopback = { address: '127.0.0.1', family: 'IPv4', internal: true }

describe('advertisedUrls', () => {
  it('is where the server listens, if that is one address', () => {
    vi.stubEnv('POD_IP', '10.0.0.1')
    expect(advertisedUrls(at('192.168.1.2'), undefined)).toEqual(['grpcs://192.168.1.2:9000'])
  })

  it('is the address of the pod where the server listens on all', () => {
    vi.stubEnv('POD_IP', '10.0.0.1')
    expect(advertisedUrls(at('0.0.0.0'), undefined)).toEqual(['grpcs://10.0.0.1:9000'])
  })

  it('is otherwise the first that others can reach, IPv4 before IPv6', () => {
    vi.stubEnv('POD_IP', '')
    interfaces(
      loopback,
      { address: 'fe80::1', family: 'IPv6', internal: false },
      { address: '2001:db8::1', family: 'IPv6', internal: false },
      { address: '10.1.2.3', family: 'IPv4', internal: false },
    )
    expect(advertisedUrls(at('::'), undefined)).toEqual(['grpcs://10.1.2.3:9000'])
    interfaces(loopback, { address: '2001:db8::1', family: 'IPv6', internal: false })
    expect(advertisedUrls(at('::'), undefined)).toEqual(['grpcs://[2001:db8::1]:9000'])
    interfaces(loopback)
    expect(advertisedUrls(at('0.0.0.0'), undefined)).toEqual(['grpcs://127.0.0.1:9000'])
  })

  it('is there once for each protocol of a server that speaks several', () => {
    const urls = ['grpc://127.0.0.1:9000', 'http://127.0.0.1:9000']
    const address = { host: '127.0.0.1', port: 9000, url: 'grpc://127.0.0.1:9000', urls }
    expect(advertisedUrls([address], '10.0.0.1')).toEqual(['grpc://10.0.0.1:9000', 'http://10.0.0.1:9000'])
  })

  it('is what it is told to be', () => {
    expect(advertisedUrls(at('127.0.0.1'), 'orders.example.com')).toEqual(['grpcs://orders.example.com:9000'])
  })

  it('leaves out servers without a port', () => {
    expect(advertisedUrls([{ host: 'inproc', port: 0, url: 'inproc://local' }], 'x')).toEqual([])
  })
})
