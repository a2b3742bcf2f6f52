import { once } from 'node:events'
import { connect } from 'node:net'
import { httpServer } from 'tierkit/transport/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPartHead } from '../../../../src/transport/http/multipart/part-head.js'
import { BOUNDARY, form, PUT, part, TYPE, upload } from './fixture.js'

const limits = { maxBodyBytes: 4000, maxParts: 3, maxFieldBytes: 100, maxFileBytes: 1000, maxHeaderBytes: 600 }
const server = httpServer({ host: '127.0.0.1', ...limits, maxUploadBytes: 8000 })
let url: string
let port: number

beforeAll(async () => {
  const stream = upload({ type: 'Chunk', kind: 'client_stream' }, async (requests: AsyncIterable<unknown>) => {
    for await (const _ of requests) void _
    return { title: 'all' }
  })
  const unary = upload({}, async () => ({ title: 'ok' }))
  const bound = await server.listen([unary, { ...stream, method: { ...stream.method, name: 'Stream', path: STREAM } }])
  url = bound.url
  port = bound.port
})
afterAll(() => server.close())

const STREAM = '/files.v1.Files/Stream'

const head = (disposition: string, ...more: string[]): string =>
  [`Content-Disposition: ${disposition}`, ...more].join('\r\n')
const one = (...lines: Parameters<typeof head>): Buffer => form([head(...lines), 'x'])
const text = (body: string): Buffer => Buffer.from(body)
const FILE = '; filename="f"'
const META = [head('form-data; name=meta', 'Content-Type: application/json'), '{"author":"a"}'] as const
const LABELS = [head('form-data; name=labels', 'Content-Type: application/json'), '{"b":"c"}'] as const

async function send(body: Buffer, type = TYPE, path = PUT): Promise<[number, string]> {
  const response = await fetch(url + path, { method: 'POST', body, headers: { 'content-type': type } })
  return [response.status, ((await response.json()) as { message: string }).message]
}

describe('a hostile form', () => {
  it.each<[what: string, body: Buffer, status: number, message: string | RegExp]>([
    ['nothing at all', text(' '), 400, 'the form breaks off'],
    ['no delimiter', text('title=x'), 400, 'the form breaks off'],
    ['another boundary', text('--YY\r\n\r\nx\r\n--YY--'), 400, 'the form breaks off'],
    ['a boundary that goes on', text('--XXX\r\n\r\nx\r\n--XXX--'), 400, /does not begin with a line of its own/],
    ['no end', text(`--XX\r\n${head('form-data; name=title')}\r\n\r\nx`), 400, 'the form breaks off'],
    ['an end within headers', text('--XX\r\nContent-Disposition: form'), 400, 'the form breaks off'],
    [
      'a delimiter within headers',
      text(`--XX\r\nA: b\r\n--XX\r\n${head('form-data; name=title')}\r\n\r\nx\r\n--XX--`),
      400,
      'part 1 of the form: its headers do not end',
    ],
    [
      'headers without colon',
      form(['Content-Disposition', 'x']),
      400,
      'part 1 of the form: one of its headers is malformed',
    ],
    [
      'a folded header',
      form([`${head('form-data;')}\r\n name=title`, 'x']),
      400,
      'part 1 of the form: one of its headers is malformed',
    ],
    [
      'a bare line feed in a header',
      form([head('form-data; name=title\nX: y'), 'x']),
      400,
      'part 1 of the form: one of its headers is malformed',
    ],
    [
      'a zero byte in a header',
      form([head('form-data; name="ti\0tle"'), 'x']),
      400,
      'part 1 of the form: one of its headers is malformed',
    ],
    [
      'headers that are not UTF-8',
      Buffer.concat([text('--XX\r\nX: '), Buffer.from([0xff]), text('\r\n\r\nx\r\n--XX--')]),
      400,
      'part 1 of the form: its headers are not UTF-8',
    ],
    [
      'no disposition',
      form(['Content-Type: text/plain', 'x']),
      400,
      'part 1 of the form: it has no Content-Disposition',
    ],
    [
      'two dispositions',
      one('form-data; name=title', 'content-disposition: form-data; name=file'),
      400,
      'part 1 of the form: it has two content-disposition',
    ],
    [
      'another disposition',
      one('attachment; name=title'),
      400,
      'part 1 of the form: its Content-Disposition is not form-data',
    ],
    ['no name', one('form-data; filename="a"'), 400, 'part 1 of the form: it has no name'],
    ['an empty name', one('form-data; name=""'), 400, 'part 1 of the form: it has no name'],
    [
      'two names',
      one('form-data; name=title; name=file'),
      400,
      'part 1 of the form: its Content-Disposition is malformed',
    ],
    [
      'a name without end',
      one('form-data; name="title'),
      400,
      'part 1 of the form: its Content-Disposition is malformed',
    ],
    ['a folder for a file name', one('form-data; name=file; filename="a/.."'), 400, /its file name is none$/],
    [
      'a file name that is cut short',
      one("form-data; name=file; filename*=UTF-8''a%00.txt"),
      400,
      /file name is none$/,
    ],
    ['a line end in a file name', one('form-data; name=file; filename="a%0D%0AX: y"'), 400, /file name is none$/],
    ['a line end in a filename*', one("form-data; name=file; filename*=UTF-8''a%0aX"), 400, /file name is none$/],
    ['an escape in a file name', one('form-data; name=file; filename="\x1b[2J"'), 400, /file name is none$/],
    [
      'a malformed filename*',
      one("form-data; name=file; filename*=UTF-8''%zz"),
      400,
      'part 1 of the form: its filename* is malformed',
    ],
    [
      'a name of Object.prototype',
      one('form-data; name="__proto__"'),
      400,
      '__proto__: google.api.Upload has no such field',
    ],
    [
      'a path through Object.prototype',
      one('form-data; name="constructor.prototype.x"'),
      400,
      'constructor.prototype.x: google.api.Upload has no such field',
    ],
    ['a path through a scalar', one('form-data; name="title.x"'), 400, 'title.x: google.api.Upload has no such field'],
    [
      'a path through a list',
      one('form-data; name="files.filename"'),
      400,
      'files.filename: files is not a single message',
    ],
    ['an unknown field', form(part('nope', 'x')), 400, 'nope: google.api.Upload has no such field'],
    ['a map', form(part('labels', 'x')), 400, 'labels: it is a map, which text cannot fill'],
    ['an entry of what is no map', form(part('title[a]', 'x')), 400, 'title[a]: it is not a map'],
    ['an entry of no field', form(part('nope[a]', 'x')), 400, 'nope[a]: google.api.Upload has no such field'],
    ['a file for an entry', form(part('labels[a]', 'x', FILE)), 400, /^labels\[a\]: it is an entry of a map, which no/],
    ['an entry twice', form(part('labels[a]', 'x'), part('labels[a]', 'y')), 400, /^labels\[a\]: it is there twice/],
    [
      'a message in part, then whole',
      form(part('meta.year', '5'), META),
      400,
      /^meta: it is there as JSON and in a part/,
    ],
    [
      'a message whole, then in part',
      form(META, part('meta.year', '5')),
      400,
      /^meta\.year: it is there as JSON and in/,
    ],
    ['a message whole twice', form(META, META), 400, 'meta: it is there twice, but the field is not repeated'],
    ['a map whole and an entry', form(LABELS, part('labels[a]', 'x')), 400, /^labels\[a\]: it is there as JSON and/],
    ['text for a message', form(part('meta', 'x')), 400, 'meta: it is a message, which text cannot fill'],
    ['a file for text', form(part('title', 'x', FILE)), 400, 'title: it is a string, which no file can fill'],
    [
      'a scalar twice',
      form(part('title', 'x'), part('title', 'y')),
      400,
      'title: it is there twice, but the field is not repeated',
    ],
    [
      'a file twice',
      form(part('file', 'x', FILE), part('file', 'y', FILE)),
      400,
      'file: it is there twice, but the field is not repeated',
    ],
    ['text that is no number', form(part('total', '1e')), 400, /total/],
    ['text that is no bool', form(part('hidden', 'yes')), 400, /hidden: expected true or false/],
    ['text that is not UTF-8', form(part('title', Buffer.from([0xc3]))), 400, 'title: it is not UTF-8'],
    [
      'JSON that is none',
      one('form-data; name=meta', 'Content-Type: application/json'),
      400,
      /^meta: it is not JSON: /,
    ],
    [
      'JSON with a prototype',
      form([head('form-data; name=meta', 'Content-Type: application/json'), '{"__proto__":{"author":"x"}}']),
      400,
      /__proto__/,
    ],
    ['a field that is too long', form(part('title', 'x'.repeat(101))), 413, 'title: longer than 100 bytes'],
    ['a file that is too long', form(part('file', 'x'.repeat(1001), FILE)), 413, 'file: longer than 1000 bytes'],
    [
      'too many parts',
      form(...Array.from({ length: 4 }, () => part('tags', 'x'))),
      413,
      'the form has more than 3 parts',
    ],
    [
      'headers that are too long',
      one('form-data; name=title', `X: ${'y'.repeat(600)}`),
      431,
      'the headers of part 1 of the form are longer than 600 bytes',
    ],
    [
      'headers without end',
      text(`--XX\r\n${'X: y\r\n'.repeat(200)}`),
      431,
      'the headers of part 1 of the form are longer than 600 bytes',
    ],
    ['too much', text('x'.repeat(5000)), 413, 'the form is longer than 4000 bytes'],
    [
      'another encoding',
      one('form-data; name=title', 'Content-Transfer-Encoding: base64'),
      415,
      'part 1 of the form: the transfer encoding is not binary',
    ],
    [
      'another character set',
      one('form-data; name=title', 'Content-Type: text/plain; charset=utf-16'),
      415,
      'title: the character set is not UTF-8',
    ],
  ])('with %s is refused', async (_, body, status, message) => {
    expect(await send(body)).toEqual([status, typeof message === 'string' ? message : expect.stringMatching(message)])
    expect(({} as { author?: string }).author).toBeUndefined()
    expect(await send(form(part('title', 'x')))).toEqual([200, undefined])
  })

  it.each([
    ['multipart/form-data'],
    ['multipart/form-data; boundary='],
    ['multipart/form-data; boundary="a\tb"'],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`],
    ['multipart/form-data; boundary="ends with space "'],
    ['multipart/form-data; boundary=XX; boundary=XX'],
    ['multipart/form-data; boundary=XX; Boundary=YY'],
    ['multipart/form-data; boundary=XX YY'],
    ['multipart/form-data; boundary="XX"YY'],
    ['multipart/form-data; x="; boundary=XX"'],
    ['multipart/form-data; boundary="XX'],
    ['multipart/form-data; boundary'],
  ])('of type %s is refused', async (type) => {
    expect(await send(form(), type)).toEqual([400, 'the Content-Type multipart/form-data has no valid boundary'])
  })

  it.each([
    ['multipart/form-data; boundary="XX"'],
    ['multipart/form-data;boundary=XX;'],
    ['Multipart/Form-Data ; charset=utf-8; Boundary = XX'],
    ['multipart/form-data; x="; boundary=YY"; boundary=XX'],
  ])('of type %s is read', async (type) => {
    expect(await send(form(part('title', 'x')), type)).toEqual([200, undefined])
  })

  it.each([['multipart/mixed; boundary=XX'], ['application/x-www-form-urlencoded']])('is not %s', async (type) => {
    expect((await send(form(), type))[0]).toBe(415)
  })

  it('that is not what it says it is packed with is refused', async () => {
    for (const path of [PUT, STREAM]) {
      const headers = { 'content-type': TYPE, 'content-encoding': 'gzip' }
      const response = await fetch(url + path, { method: 'POST', body: form(part('title', 'x')), headers })
      expect([response.status, await response.json()]).toMatchObject([400, { message: 'the body is not gzip' }])
    }
  })

  it('that is streamed is refused where it goes wrong', async () => {
    expect(await send(text('x'.repeat(9000)), TYPE, STREAM)).toEqual([413, 'the form is longer than 8000 bytes'])
    const long = form(part('chunk', 'x'.repeat(1001)))
    expect(await send(long, TYPE, STREAM)).toEqual([413, 'chunk: longer than 1000 bytes'])
    expect(await send(long.subarray(0, 500), TYPE, STREAM)).toEqual([400, 'the form breaks off'])
    expect(await send(form(part('chunk', 'x'.repeat(900))), TYPE, STREAM)).toEqual([200, undefined])
  })

  it('of which the length is not said does not become too long', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`POST ${PUT} HTTP/1.1\r\nHost: x\r\nContent-Type: ${TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`)
    const piece = 'x'.repeat(1000)
    for (let n = 0; n < 6; n += 1) socket.write(`3e8\r\n${piece}\r\n`)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
  })

  it('that stops in the middle leaves nothing', async () => {
    for (const at of [5, 30, 70]) {
      const socket = connect(port, '127.0.0.1')
      const body = form(part('file', 'x'.repeat(500), FILE))
      socket.write(`POST ${PUT} HTTP/1.1\r\nHost: x\r\nContent-Type: ${TYPE}\r\nContent-Length: ${body.length}\r\n\r\n`)
      await new Promise((resolve) => socket.write(body.subarray(0, at), resolve))
      socket.destroy()
    }
    expect(await send(form(part('title', BOUNDARY)))).toEqual([200, undefined])
  })
})

describe('the headers of a part', () => {
  it('take no longer to read the more spaces they have', () => {
    const spaces = ' '.repeat(150_000)
    const block = Buffer.from(`Content-Disposition: form-data; name=a\r\nX-Long: x${spaces}x${spaces}`)
    expect(readPartHead(1, block)).toMatchObject({ name: 'a' })
  })
})
