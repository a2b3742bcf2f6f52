import type { Context } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { bindings, implement, parseProto } from 'tierkit/service'
import { type HttpReply, httpReplyKey, httpServer, redirect } from 'tierkit/transport/http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, callThrough, library } from './library.js'

/** A server whose method `Create` says something of its response. */
function saying(say: (context: Context) => void, options = {}) {
  const create = (book: unknown, context: Context) => {
    say(context)
    return book
  }
  return library(options, { create })
}

const post = { body: '{"title":"t"}' }

describe('a handler', () => {
  it('says status and headers of its response', async () => {
    const { ask } = await saying((context) =>
      context.set(httpReplyKey, { status: 201, headers: { location: '/v1/titles/t', 'Set-Cookie': ['a=1', 'b=2'] } }),
    )
    const { status, headers, json } = await ask('POST /v1/books', post)
    expect([status, headers.get('location'), headers.getSetCookie(), json]).toEqual([
      201,
      '/v1/titles/t',
      ['a=1', 'b=2'],
      { title: 't' },
    ])
  })

  it.each([204, 205, 304])('may say %d, which has no body', async (status) => {
    const { ask, url } = await saying((context) => context.set(httpReplyKey, { status }))
    const reply = await ask('POST /v1/books', post)
    expect([reply.status, reply.text, reply.headers.get('content-type')]).toEqual([status, '', null])
    if (status < 300) expect(await callThrough(url, 'create', { title: 't' })).toMatchObject({ title: '' })
  })

  it.each([
    ['/v2/titles/t', undefined, 302, '/v2/titles/t'],
    ['https://x.example/a?b=c#d', 308, 308, 'https://x.example/a?b=c#d'],
    ['/a b/%2F/ä\r\nSet-Cookie: x=y', 303, 303, '/a%20b/%2F/%C3%A4%0D%0ASet-Cookie:%20x=y'],
    ['', 301, 301, ''],
  ] as const)('sends a caller to %j', async (location, given, status, written) => {
    const { ask, url } = await saying((context) => redirect(context, location, given))
    const reply = await ask('POST /v1/books', post)
    expect([reply.status, reply.headers.get('location'), reply.text]).toEqual([status, written, ''])
    expect(reply.headers.get('set-cookie')).toBeNull()
    await expect(callThrough(url, 'create', {})).rejects.toMatchObject({
      code: Code.UNKNOWN,
      rawMessage: `HTTP ${status}`,
    })
  })

  it.each<[string, HttpReply]>([
    ['a status of failure', { status: 404 }],
    ['a status before the end', { status: 103 }],
    ['no status', { status: 200.5 }],
    ['a header of the body', { headers: { 'Content-Length': '1' } }],
    ['a header of the connection', { headers: { 'transfer-encoding': 'chunked' } }],
    ['a header without a name', { headers: { '': 'x' } }],
    ['a header whose name is none', { headers: { 'a b': 'x' } }],
    ['two lines', { headers: { a: 'x\r\nb: y' } }],
    ['a value that is no text of headers', { headers: { a: ['ä'] } }],
  ])('that says %s is at fault, and the caller hears no more than that', async (_, reply) => {
    const { ask } = await saying((context) => context.set(httpReplyKey, reply))
    expect(await ask('POST /v1/books', post)).toMatchObject({
      status: 500,
      json: { code: Code.INTERNAL, message: 'the response of the server cannot be sent', details: [] },
    })
    expect((await ask('GET /v1/tags')).status).toBe(200)
  })

  it('that fails says nothing of its response', async () => {
    const { ask } = await saying((context) => {
      context.set(httpReplyKey, { status: 201, headers: { 'cache-control': 'max-age=60' } })
      throw new Error('late')
    })
    const { status, headers } = await ask('POST /v1/books', post)
    expect([status, headers.get('cache-control')]).toEqual([500, null])
  })

  it('says the same of a stream', async () => {
    const own = {
      async *list(book: unknown, context: Context) {
        context.set(httpReplyKey, { status: 203, headers: { etag: '"1"' } })
        yield book
      },
    }
    const { ask } = await library({}, own)
    const { status, headers, text } = await ask('GET /v1/list/t')
    expect([status, headers.get('etag'), text]).toEqual([203, '"1"', '{"result":{"title":"t"}}\n'])
  })
})

describe('the status of success', () => {
  it('is that of the server for the method, for all of its routes, and the handler has the last word', async () => {
    const successStatus = { 'lib.v1.Library.Create': 201, 'lib.v1.Library.Tags': 202 }
    const say = (context: Context) => {
      if (context.metadata.get('x-status')) context.set(httpReplyKey, { status: 200 })
    }
    const { ask, url } = await saying(say, { successStatus })
    expect((await ask('POST /v1/books', post)).status).toBe(201)
    expect((await ask('POST /lib.v1.Library/Create', post)).status).toBe(201)
    expect((await ask('POST /v1/books', { ...post, headers: { 'x-status': '1' } })).status).toBe(200)
    expect((await ask('GET /v1/tags')).status).toBe(202)
    expect(await callThrough(url, 'create', { title: 't' })).toMatchObject({ title: 't' })
  })

  it('is that of the contract, if the server says nothing', async () => {
    const contract = parseProto(`
      syntax = "proto3";
      package tierkit;
      import "google/protobuf/descriptor.proto";
      extend google.protobuf.MethodOptions { int32 http_status = 50701; }
      message M {}
      service S { rpc Make(M) returns (M) { option (tierkit.http_status) = 201; } }
    `)
    const server = httpServer({ host: '127.0.0.1' })
    const { url } = await server.listen(bindings([implement(contract.service('tierkit.S'), { make: () => ({}) })]))
    onTestFinished(() => server.close())
    expect((await ask(url, 'POST /tierkit.S/Make', { body: '{}' })).status).toBe(201)
  })

  it.each([404, 199, 302, 200.5, '201'])('cannot be %j', async (status) => {
    const successStatus = { 'lib.v1.Library.Create': status as number }
    await expect(library({ successStatus })).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      rawMessage: expect.stringMatching(/\/lib\.v1\.Library\/Create: .* is not an HTTP status of success/),
    })
  })
})
