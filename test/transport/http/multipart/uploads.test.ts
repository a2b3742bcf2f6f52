import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Context } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import { describe, expect, it, onTestFinished } from 'vitest'
import { gate, serverWith } from '../fixture.js'
import { BOUNDARY, form, PUT, part, TYPE, upload } from './fixture.js'

type Message = Record<string, unknown>

/** Serves uploads, and keeps what arrives. */
async function serve(init: Parameters<typeof upload>[0] = {}, options = {}) {
  const seen: Message[] = []
  const { url, port } = await serverWith(
    [
      upload(init, async (request) => {
        if (init.kind !== 'client_stream') seen.push(request as Message)
        else for await (const message of request as AsyncIterable<Message>) seen.push(message)
        return { title: 'done' }
      }),
    ],
    options,
  )
  const send = async (body: Buffer | FormData, path = PUT, headers: Record<string, string> = {}) => {
    const type = body instanceof FormData ? {} : { 'content-type': TYPE }
    const response = await fetch(url + path, { method: 'POST', body, headers: { ...type, ...headers } })
    return { status: response.status, body: (await response.json()) as Message }
  }
  return { seen, send, port, url }
}

const bytes = (value: unknown): string => Buffer.from(value as Uint8Array).toString()

describe('an upload to a unary method', () => {
  it('is what a browser makes of a form', async () => {
    const { seen, send } = await serve()
    const data = new FormData()
    data.append('title', 'Ä "b"')
    data.append('hidden', 'true')
    data.append('total', '9007199254740993')
    data.append('tags', 'a')
    data.append('tags', 'b')
    data.append('rawBytes', new Blob(['raw']))
    data.append('file', new Blob(['content'], { type: 'text/plain' }), 'a "b".txt')
    expect(await send(data)).toEqual({ status: 200, body: { title: 'done' } })
    expect(seen[0]).toMatchObject({
      title: 'Ä "b"',
      hidden: true,
      tags: ['a', 'b'],
      file: { filename: 'a "b".txt', contentType: 'text/plain' },
    })
    expect(
      [seen[0]?.total, bytes(seen[0]?.rawBytes), bytes((seen[0]?.file as Message | undefined)?.data)].map(String),
    ).toEqual(['9007199254740993', 'raw', 'content'])
  })

  it('names fields as the contract or JSON does, also inside of messages', async () => {
    const { seen, send } = await serve()
    const body = form(part('raw_bytes', 'x'), part('meta.year', '7'), part('file.data', 'y', '; filename="y.txt"'))
    expect(await send(body)).toMatchObject({ status: 200 })
    expect(seen[0]).toMatchObject({ meta: { year: 7 }, file: { filename: 'y.txt' } })
  })

  it('has a message in a part of JSON, and lists of files', async () => {
    const { seen, send } = await serve()
    const json = 'Content-Disposition: form-data; name=meta\r\ncontent-type: application/json; charset=utf-8'
    const body = form(
      [json, '{"author":"Ada"}'],
      part('files', 'one', '; filename="C:\\dir\\1.txt"\r\nContent-Type: text/plain'),
      part('files', 'two', "; filename*=UTF-8''%C3%A4.txt"),
      part('blobs', 'x'),
      part('blobs', ''),
    )
    expect(await send(body)).toMatchObject({ status: 200 })
    expect(seen[0]).toMatchObject({
      meta: { author: 'Ada' },
      files: [{ filename: '1.txt', contentType: 'text/plain' }, { filename: 'ä.txt' }],
    })
    expect((seen[0]?.files as Message[] | undefined)?.map(({ data }) => bytes(data))).toEqual(['one', 'two'])
    expect((seen[0]?.blobs as Uint8Array[] | undefined)?.map(bytes)).toEqual(['x', ''])
  })

  it('fills a map entry by entry, as a query does, or whole in a part of JSON', async () => {
    const { seen, send } = await serve()
    const json = 'Content-Disposition: form-data; name=labels\r\nContent-Type: application/json'
    await send(form(part('labels[color]', 'red'), part('labels[__proto__]', 'a.b]'), part('labels[]', 'none')))
    await send(form([json, '{"color":"blue"}']))
    expect(seen.map(({ labels }) => Object.entries(labels as object))).toEqual([
      [
        ['color', 'red'],
        ['__proto__', 'a.b]'],
        ['', 'none'],
      ],
      [['color', 'blue']],
    ])
  })

  it('takes no notice of an input of files that was left empty', async () => {
    const { seen, send } = await serve()
    const blank = '; filename=""\r\nContent-Type: application/octet-stream'
    const body = form(part('file', '', blank), part('files', '', blank), part('title', 'x'), part('body', '', blank))
    expect(await send(body)).toMatchObject({ status: 200 })
    expect(seen[0]).toMatchObject({ title: 'x', files: [] })
    expect([seen[0]?.file, seen[0]?.body].filter((one) => one !== undefined && one !== null)).toEqual([])
    await send(form(part('file', 'no name', blank), part('files', '', '; filename="empty.txt"')))
    expect(seen[1]).toMatchObject({ file: { filename: '' }, files: [{ filename: 'empty.txt' }] })
  })

  it.each(['data', 'file'])('fills a google.api.HttpBody from the part %s', async (name) => {
    const { seen, send } = await serve({ type: 'HttpBody' })
    await send(form(part(name, 'pdf', '; filename="a.pdf"\r\nContent-Type: application/pdf')))
    expect([seen[0]?.contentType, bytes(seen[0]?.data)]).toEqual(['application/pdf', 'pdf'])
  })

  it('goes where the rule says, beside path and query', async () => {
    const http = [{ method: 'POST', path: '/v1/files/{title}', body: 'body' }]
    const { seen, send } = await serve({ http })
    const body = form(part('body', 'pdf', '; filename="a"\r\nContent-Type: application/pdf'))
    expect(await send(body, '/v1/files/t?hidden=true')).toMatchObject({ status: 200 })
    expect(seen[0]).toMatchObject({ title: 't', hidden: true, body: { contentType: 'application/pdf' } })
    const other = form(part('tags', 'x'))
    expect(await send(other, '/v1/files/t')).toMatchObject({
      status: 400,
      body: { message: 'tags: the body is body only' },
    })
  })

  it('may come in small pieces, with what stands around it, and as gzip', async () => {
    const { seen, send, port } = await serve()
    const body = Buffer.concat([
      Buffer.from('preamble\r\n'),
      form(part('title', `a\r\n--${BOUNDARY[0]}`)),
      Buffer.from('epilogue'),
    ])
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.write(`POST ${PUT} HTTP/1.1\r\nHost: x\r\nContent-Type: ${TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`)
    for (const byte of body) {
      socket.write(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /)
    await send(gzipSync(form(part('title', 'packed'))), PUT, { 'content-encoding': 'gzip' })
    await send(form(), PUT)
    expect(seen.map(({ title }) => title ?? '')).toEqual([`a\r\n--${BOUNDARY[0]}`, 'packed', ''])
  })
})

describe('an upload to a stream of requests', () => {
  it('is the texts in front of each file, then its pieces', async () => {
    const { seen, send } = await serve({ type: 'Chunk', kind: 'client_stream' })
    const big = Buffer.alloc(300_000, 'x')
    const body = form(
      part('title', 'first'),
      part('chunk', big, '; filename="a.bin"\r\nContent-Type: application/x-a'),
      part('chunk', ''),
      part('title', 'last'),
    )
    expect(await send(body)).toEqual({ status: 200, body: { title: 'done' } })
    const [head, ...rest] = seen
    expect(head).toMatchObject({ title: 'first', filename: 'a.bin', contentType: 'application/x-a' })
    const content = rest.map(({ chunk }) => Buffer.from((chunk as Uint8Array | undefined) ?? []))
    expect(Buffer.concat(content).equals(big)).toBe(true)
    expect(rest.length).toBeGreaterThan(4)
    expect(rest.at(-1)).toMatchObject({ title: 'last' })
    expect(rest.slice(0, -1).every(({ title }) => !title)).toBe(true)
  })

  it('has no message for an input of files that was left empty', async () => {
    const { seen, send } = await serve({ type: 'Chunk', kind: 'client_stream' })
    const blank = '; filename=""\r\nContent-Type: application/octet-stream'
    await send(form(part('chunk', '', blank), part('title', 'x'), part('chunk', '', blank)))
    expect(seen).toMatchObject([{ title: 'x' }])
  })

  it('may be longer than a message, and is read no faster than it is taken', async () => {
    const taken = gate()
    const { url, port } = await serverWith(
      [
        upload({ type: 'Chunk', kind: 'client_stream' }, async (requests: AsyncIterable<Message>) => {
          let size = 0
          for await (const { chunk } of requests) {
            if (size === 0) await taken.passed
            size += (chunk as Uint8Array | undefined)?.length ?? 0
          }
          return { title: String(size) }
        }),
      ],
      { maxBodyBytes: 1000 },
    )
    expect(url).toContain(String(port))
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const size = 20_000_000
    const [head, tail] = [`--XX\r\n${part('chunk', '')[0]}\r\n\r\n`, '\r\n--XX--']
    const length = size + head.length + tail.length
    socket.write(`POST ${PUT} HTTP/1.1\r\nHost: x\r\nContent-Type: ${TYPE}\r\nContent-Length: ${length}\r\n\r\n${head}`)
    const isFlushed = socket.write(Buffer.alloc(size))
    expect(isFlushed).toBe(false)
    socket.write(tail)
    let before = -1
    // What the system holds for both ends fills up, and then nothing moves.
    await expect
      .poll(() => {
        const still = socket.bytesWritten - socket.writableLength === before && socket.writableLength > 0
        before = socket.bytesWritten - socket.writableLength
        return still
      })
      .toBe(true)
    taken.open()
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toContain(`{"title":"${size}"}`)
  })

  it('that the client gives up is cancelled', async () => {
    const cancelled = gate<RpcError>()
    const entered = gate()
    const { port } = await serverWith([
      upload({ type: 'Chunk', kind: 'client_stream' }, async (requests: AsyncIterable<Message>, context: Context) => {
        context.onCancel(cancelled.open)
        for await (const _ of requests) entered.open()
        return {}
      }),
    ])
    const socket = connect(port, '127.0.0.1')
    const head = `POST ${PUT} HTTP/1.1\r\nHost: x\r\nContent-Type: ${TYPE}\r\nContent-Length: 100000\r\n\r\n`
    socket.write(`${head}--XX\r\n${part('chunk', '')[0]}\r\n\r\n${'x'.repeat(5000)}`)
    await entered.passed
    socket.destroy()
    expect((await cancelled.passed).code).toBe(Code.CANCELLED)
  })
})
