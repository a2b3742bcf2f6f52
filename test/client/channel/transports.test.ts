import { describe, expect, it } from 'vitest'
import { Transports, type TransportsInit } from '../../../src/client/channel/transports.js'
import { FakeChannel, instance } from '../fake-channel.js'

const both = instance('grpc://a:1', {
  endpoints: ['https://a:4', 'http://a:3', 'grpcs://a:2', 'grpc://a:1', 'own://a:5'],
})
const open = (url: string): FakeChannel => new FakeChannel(url)

function chosen(change: Partial<TransportsInit>): string | undefined {
  return new Transports({ protocol: undefined, transports: {}, tls: undefined, ...change }).choose(both)
}

describe('Transports', () => {
  it('takes gRPC where there is gRPC, and else HTTP', () => {
    expect(chosen({})).toBe('grpc://a:1')
    expect(chosen({ protocol: 'http' })).toBe('http://a:3')
  })

  it('takes secure endpoints only, given TLS options', () => {
    expect(chosen({ tls: {} })).toBe('grpcs://a:2')
    expect(chosen({ tls: {}, protocol: 'http' })).toBe('https://a:4')
    expect(chosen({ tls: {}, transports: { grpc: open } })).toBe('grpcs://a:2')
  })

  it('prefers a scheme that only the user knows', () => {
    expect(chosen({ transports: { own: open } })).toBe('own://a:5')
    expect(chosen({ transports: { http: open } })).toBe('grpc://a:1')
  })

  it.each(['grpc://127.0.0.1:1', 'http://127.0.0.1:1'])('brings what makes a channel to %s', async (url) => {
    const transports = new Transports({ protocol: undefined, transports: {}, tls: undefined })
    await transports.load([url])
    const channel = transports.factory(url)(url)
    expect(channel.url).toBe(url)
    await channel.close()
  })

  it('says which scheme it cannot serve', () => {
    const transports = new Transports({ protocol: 'grpc', transports: {}, tls: undefined })
    expect(transports.wanted).toBe('grpc or grpcs')
    expect(() => transports.factory('x://a:1')('x://a:1')).toThrow("no transport for 'x://a:1'")
  })
})
