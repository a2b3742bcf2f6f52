import { Metadata } from 'tierkit/endpoint'
import { describe, expect, it } from 'vitest'
import {
  METADATA_PREFIX,
  readMetadata,
  requestHeaders,
  requestKeys,
  responseHeaders,
  responseKeys,
  TRAILER_PREFIX,
  trailerKeys,
} from '../../../src/transport/http/metadata.js'

const read = (...raw: string[]) => Object.fromEntries(readMetadata(raw, requestKeys(['Accept-Language'])))

describe('request headers', () => {
  it.each([
    [['Grpc-Metadata-Tenant', 'blue'], { tenant: ['blue'] }],
    [['X-Request-Id', '7'], { 'x-request-id': ['7'] }],
    [['Authorization', 'Bearer t'], { authorization: ['Bearer t'] }],
    [
      ['traceparent', '00-1-2-01', 'tracestate', 'a=b', 'baggage', 'k=v', 'b3', '0'],
      expect.objectContaining({ b3: ['0'] }),
    ],
    [['Accept-Language', 'de'], { 'accept-language': ['de'] }],
    [['x-many', 'a', 'x-many', 'b, c'], { 'x-many': ['a', 'b, c'] }],
    [
      ['x-raw-bin', 'AQID', 'x-raw-bin', 'BA,BQ=='],
      { 'x-raw-bin': [[1, 2, 3], [4], [5]].map((n) => new Uint8Array(n)) },
    ],
    [['Cookie', 'a', 'Host', 'b', 'Content-Type', 'c', 'Connection', 'd'], {}],
    [['Grpc-Timeout', '1S', 'Grpc-Metadata-Grpc-Timeout', '1S'], {}],
    [['Grpc-Metadata-grpc-previous-rpc-attempts', '2'], { 'grpc-previous-rpc-attempts': ['2'] }],
    [['Grpc-Metadata-', 'x', 'Grpc-Metadata-a b', 'x'], {}],
    [['x-umlaut', 'é', 'x-raw-bin', '???'], {}],
    [['x-__proto__', '1'], { 'x-__proto__': ['1'] }],
  ])('%j become metadata', (raw, expected) => expect(read(...raw)).toEqual(expected))
})

describe('metadata', () => {
  const metadata = new Metadata({
    'x-many': ['a', 'b'],
    tenant: 'blue',
    host: 'evil',
    authorization: 'Bearer t',
    'raw-bin': new Uint8Array([1]),
  })

  it('comes back from the headers of a request as it was', () => {
    const headers = requestHeaders(metadata)
    expect(headers).toEqual([
      ['x-many', 'a'],
      ['x-many', 'b'],
      ['grpc-metadata-tenant', 'blue'],
      ['grpc-metadata-host', 'evil'],
      ['authorization', 'Bearer t'],
      ['grpc-metadata-raw-bin', 'AQ'],
    ])
    expect([...readMetadata(headers.flat(), requestKeys())]).toEqual([...metadata])
  })

  it('comes back from headers and trailers of a response as it was', () => {
    const headers = responseHeaders(metadata, METADATA_PREFIX).flat()
    const trailers = responseHeaders(metadata, TRAILER_PREFIX).flat()
    expect([...readMetadata([...headers, 'Date', 'x'], responseKeys)]).toEqual([...metadata])
    expect([...readMetadata([...trailers, ...headers], trailerKeys)]).toEqual([...metadata])
  })
})
