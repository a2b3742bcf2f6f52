import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Code, RpcError } from 'tierkit'
import { serve } from 'tierkit/app'
import { expect, it, onTestFinished } from 'vitest'
import { serverCert, serverKey } from '../../../fixtures/certificates.js'
import { bindings, echo, type Handler } from './contract.js'
import { describeWithChromium, openPage } from './page/chromium.js'

/** How many endless streams were left. */
let left = 0

const handler: Handler = async function* (requests, { metadata, responseHeaders, responseTrailers }) {
  for await (const { text } of requests) {
    responseTrailers.set('x-trail', 't')
    if (text === 'fail') throw failure
    responseHeaders
      .set('timing-allow-origin', '*')
      .set('x-head', `${metadata.get('x-asked')} ${metadata.get('authorization')}`)
    if (text === 'wait') await new Promise(() => {})
    if (text !== '3' && text !== 'endless') yield echo({ text: `Hello ${text}` })
    for (let n = 1; text === '3' && n <= 3; n += 1) yield echo({ text: `${n}` })
    if (text === 'endless') yield* endless()
  }
}

const failure = new RpcError(Code.NOT_FOUND, 'nicht da: 100 %', { reason: 'GONE', domain: 'web.example' })

async function* endless() {
  try {
    for (;;) {
      yield echo({ text: 'tick' })
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  } finally {
    left += 1
  }
}

async function start(options: Parameters<typeof serve>[0]): Promise<string> {
  const server = serve({ host: '127.0.0.1', ...options })
  const { urls = [] } = await server.listen(bindings(handler))
  onTestFinished(() => server.close())
  return urls[1] ?? ''
}

/** A server of pages, which takes what a page finds out. */
async function servePage() {
  const page = fileURLToPath(new URL('page/page.ts', import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [page],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  })
  let report = (_: unknown): void => {}
  const reported = new Promise<unknown>((resolve) => {
    report = resolve
  })
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') report(await json(request))
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? outputFiles[0]?.text : '<!doctype html><script src="/page.js"></script>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, reported }
}

const seen = {
  say: 'Hello Ada',
  look: 'Hello Ädä +&',
  list: ['1', '2', '3'],
  header: 'a Bearer b',
  trailer: 't',
  error: '5 nicht da: 100 % google.rpc.ErrorInfo t',
  streamError: '5 nicht da: 100 % google.rpc.ErrorInfo t',
  deadline: expect.stringMatching(/^4 /),
  first: 'tick',
}
const inAll = (protocol: string) => ({
  'Connect, JSON': seen,
  'Connect, protobuf and GET': seen,
  'gRPC-Web': seen,
  'gRPC-Web in text': '|Hello Ada|grpc-status: 0|x-trail: t|',
  protocols: [protocol],
})

describeWithChromium('a page in Chromium', () => {
  it('calls a server of another origin over gRPC-Web and Connect, and sees all there is to see', async () => {
    const { origin, reported } = await servePage()
    const http = { cors: { origins: [origin] } }
    const plain = await start({ http })
    const tls = await start({ http, tls: { key: serverKey, cert: serverCert } })
    const closed = await start({ http: { cors: { origins: ['https://other.example'] } } })
    const query = new URLSearchParams([plain, tls, closed].map((url): [string, string] => ['at', url]))
    const browser = await openPage(`${origin}/?${query}`)
    onTestFinished(() => browser.close())
    expect(await reported, browser.log()).toEqual({
      plain: inAll('http/1.1'),
      tls: inAll('h2'),
      closed: expect.stringMatching(/Failed to fetch/),
    })
    await expect.poll(() => left).toBe(6)
  }, 60_000)
})
