import { json } from 'node:stream/consumers'
import type { Context } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import type { HttpServerOptions } from 'tierkit/transport/http'
import { expect, it, onTestFinished } from 'vitest'
import { retryInfo } from '../../../../src/codec/detail/retry-info.js'
import { describeWithChromium, openPage } from '../browser/page/chromium.js'
import { binding, gate, type Order, serverWith } from '../fixture.js'
import { PUT, upload } from '../multipart/fixture.js'

/** Breaks off after each second event, to be gone on with at once. */
async function* tail({ metadata }: Context): AsyncGenerator<Order> {
  const last = Number(metadata.get('last-event-id') ?? 0)
  for (let n = last + 1; n <= 5; n += 1) {
    yield { note: `line\n${n}` }
    if (n % 2 === 0) throw new RpcError(Code.UNAVAILABLE, 'later', { details: [retryInfo(1)] })
  }
}

const echo = async (requests: AsyncIterable<Order>, { metadata }: Context) =>
  (async function* () {
    yield { note: String(metadata.get('authorization')) }
    yield* requests
  })()

const page = `<!doctype html><meta charset="utf-8"><form><input type="file" name="files"><input name="title" value="Ä"></form>
<script>
const tail = () => new Promise((resolve) => {
  const seen = []
  const events = new EventSource('/tail')
  events.onmessage = ({ data, lastEventId }) => seen.push(lastEventId + ' ' + JSON.parse(data).note)
  events.onerror = ({ data }) => {
    if (data) seen.push('error ' + JSON.parse(data).code)
    else if (events.readyState === EventSource.CLOSED) resolve(seen)
  }
})
const talk = () => new Promise((resolve) => {
  const frames = []
  const socket = new WebSocket(location.origin.replace('http', 'ws') + '/shop.v1.Orders/Join', ['tierkit.json', 'tierkit.bearer.abc'])
  socket.onopen = () => {
    socket.send(JSON.stringify({ note: 'héllo' }))
    socket.send('')
  }
  socket.onmessage = ({ data }) => frames.push(JSON.parse(data))
  socket.onclose = ({ code, wasClean }) => resolve({ frames, code, wasClean, protocol: socket.protocol })
})
const put = async () => {
  const form = new FormData(document.querySelector('form'))
  form.append('file', new File(['content'], 'a "b".txt', { type: 'text/plain' }))
  return (await fetch('${PUT}', { method: 'POST', body: form })).json()
}
Promise.all([tail(), talk(), put()])
  .catch((error) => String(error))
  .then((body) => fetch('/report', { method: 'POST', body: JSON.stringify(body) }))
</script>`

describeWithChromium('a page in Chromium, without any library', () => {
  it('follows events over interruptions, talks over a WebSocket, and uploads a form', async () => {
    const report = gate<unknown>()
    const fallback: HttpServerOptions['fallback'] = async (request, response) => {
      if (request.url === '/report') report.open(await json(request))
      response.setHeader('content-type', 'text/html')
      response.end(page)
    }
    const http = [{ method: 'GET', path: '/tail' }]
    const { url } = await serverWith(
      [
        binding({ name: 'Tail', kind: 'server_stream', http }, async (_, context) => tail(context)),
        binding({ name: 'Join', kind: 'bidi_stream' }, echo),
        upload({}, async (request) => request),
      ],
      { fallback },
    )
    const browser = await openPage(`${url}/page`)
    onTestFinished(() => browser.close())
    expect(await report.passed, browser.log()).toEqual([
      ['1 line\n1', '2 line\n2', 'error 14', '3 line\n3', '4 line\n4', 'error 14', '5 line\n5'],
      {
        frames: [{ result: { note: 'Bearer abc' } }, { result: { note: 'héllo' } }, { end: {} }],
        code: 1000,
        wasClean: true,
        protocol: 'tierkit.json',
      },
      {
        title: 'Ä',
        file: { filename: 'a "b".txt', contentType: 'text/plain', data: Buffer.from('content').toString('base64') },
      },
    ])
  }, 60_000)
})
