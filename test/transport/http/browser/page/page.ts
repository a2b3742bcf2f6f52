import { create } from '@bufbuild/protobuf'
import { type CallOptions, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web'
import { ForeignEcho, ForeignWeb } from '../foreign-contract.js'

interface Message {
  readonly text: string
}
interface Client {
  say(request: unknown, options?: CallOptions): Promise<Message>
  look(request: unknown, options?: CallOptions): Promise<Message>
  list(request: unknown, options?: CallOptions): AsyncIterable<Message>
}

/** What a page has that Node has not. */
const page = globalThis as never as { readonly location: { readonly search: string } }

const hello = (text: string): unknown => create(ForeignEcho, { text } as never)

function failure(thrown: unknown): string {
  const error = ConnectError.from(thrown)
  const details = error.details.map((detail) => ('type' in detail ? detail.type : detail.desc.typeName))
  return [error.code, error.rawMessage, ...details, error.metadata.get('x-trail')].join(' ')
}

/** What a page sees of a server with one client. */
async function look(transport: Transport): Promise<Record<string, unknown>> {
  const client = createClient(ForeignWeb, transport) as unknown as Client
  const seen: Record<string, unknown> = {}
  const options: CallOptions = {
    headers: { 'x-asked': 'a', authorization: 'Bearer b' },
    timeoutMs: 20_000,
    onHeader: (headers) => {
      seen.header = headers.get('x-head')
    },
    onTrailer: (trailers) => {
      seen.trailer = trailers.get('x-trail')
    },
  }
  seen.say = (await client.say(hello('Ada'), options)).text
  seen.look = (await client.look(hello('Ädä +&'))).text
  const list: string[] = []
  for await (const { text } of client.list(hello('3'), options)) list.push(text)
  seen.list = list
  seen.error = await client.say(hello('fail')).catch(failure)
  seen.streamError = await last(client.list(hello('fail'))).catch(failure)
  seen.deadline = await client.say(hello('wait'), { timeoutMs: 100 }).catch(failure)
  const controller = new AbortController()
  for await (const { text } of client.list(hello('endless'), { signal: controller.signal })) {
    seen.first = text
    break
  }
  controller.abort()
  return seen
}

async function last(messages: AsyncIterable<Message>): Promise<string> {
  let text = ''
  for await (const message of messages) text = message.text
  return text
}

/** A bare call in text, as pages made them that cannot read bytes. */
async function inText(baseUrl: string): Promise<string> {
  const response = await fetch(`${baseUrl}/web.v1.Web/Say`, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web-text+proto', 'x-grpc-web': '1', 'x-user-agent': 'page' },
    body: btoa('\0\0\0\0\x05\n\x03Ada'),
  })
  return atob(await response.text()).replace(/[^ -~]+/g, '|')
}

async function run(): Promise<unknown> {
  const [plain = '', tls = '', closed = ''] = new URLSearchParams(page.location.search).getAll('at')
  const at = async (baseUrl: string) => ({
    'Connect, JSON': await look(createConnectTransport({ baseUrl })),
    'Connect, protobuf and GET': await look(
      createConnectTransport({ baseUrl, useBinaryFormat: true, useHttpGet: true }),
    ),
    'gRPC-Web': await look(createGrpcWebTransport({ baseUrl })),
    'gRPC-Web in text': await inText(baseUrl),
    protocols: [
      ...new Set(fetched().flatMap(({ name, nextHopProtocol }) => (name.startsWith(baseUrl) ? nextHopProtocol : []))),
    ]
      .filter((protocol) => protocol !== '')
      .sort(),
  })
  const stranger = createClient(ForeignWeb, createConnectTransport({ baseUrl: closed })) as unknown as Client
  return { plain: await at(plain), tls: await at(tls), closed: await stranger.say(hello('Ada')).catch(failure) }
}

/** What was fetched, as far as its server lets pages know. */
function fetched(): readonly { name: string; nextHopProtocol: string }[] {
  return performance.getEntriesByType('resource') as never
}

run()
  .catch((thrown: unknown) => ({ failed: String(thrown) }))
  .then((result) => fetch('/result', { method: 'POST', body: JSON.stringify(result) }))
