import { create } from '@bufbuild/protobuf'
import { type CallOptions, ConnectError, createClient, Code as ForeignCode, type Transport } from '@connectrpc/connect'
import { Code, RpcError } from 'tierkit'
import { describe, expect, it } from 'vitest'
import { bindings, type EchoMessage, echo, type Handler, type Kind } from './contract.js'
import { foreignClients, starting } from './fixture.js'
import { ForeignEcho, ForeignWeb } from './foreign-contract.js'

type Call = (request: unknown, options?: CallOptions) => unknown
const clients = foreignClients.map((client) => [client.name, client] as const)
const streamsRequests = (kind: Kind): boolean => kind === 'join' || kind === 'chat'
const streamsResponses = (kind: Kind): boolean => kind === 'list' || kind === 'chat'
const bytes = new Uint8Array([0, 1, 127, 128, 255])

// Both hold: the server compresses for who can read that.
const compression = { compression: true }

/** Makes a whole call of a kind. */
async function call(transport: Transport, kind: Kind | 'absent', requests: EchoMessage[], options?: CallOptions) {
  const client = createClient(ForeignWeb, transport) as unknown as Record<string, Call>
  const messages = requests.map((request) => create(ForeignEcho, request as never))
  const isStream = kind !== 'absent' && streamsRequests(kind)
  const result = client[kind]!(isStream ? each(messages) : messages[0], options)
  if (kind === 'absent' || !streamsResponses(kind)) return [(await result) as EchoMessage]
  const responses: EchoMessage[] = []
  for await (const response of result as AsyncIterable<EchoMessage>) responses.push(response)
  return responses
}

async function* each<T>(messages: readonly T[]): AsyncGenerator<T> {
  yield* messages
}

const collect: Handler = async function* (requests, { method }) {
  const seen: EchoMessage[] = []
  for await (const request of requests) seen.push(request)
  yield seen.at(-1)!
  if (method.kind === 'server_stream' || method.kind === 'bidi_stream') yield* seen
}

function plain({ text, number, payload }: EchoMessage): EchoMessage {
  return { text, number, payload: new Uint8Array(payload) }
}

describe.each(clients)('%s', (_, { kinds, port, open }) => {
  const stage = async (handler: Handler) => {
    const { url, server } = await starting(port, bindings(handler), { maxBodyBytes: 256 * 1024, ...compression })
    return { transport: open(url), server }
  }

  it.each(kinds)('%s carries messages both ways', async (kind) => {
    const { transport } = await stage(collect)
    const sent = [
      echo({ text: 'one' }),
      echo({ text: 'två \u{1F600} +/%&', number: -(2n ** 63n), payload: bytes }),
      echo({ text: 'x'.repeat(kind === 'look' ? 2000 : 100_000) }),
    ].slice(0, streamsRequests(kind) ? 3 : 1)
    const expected = streamsResponses(kind) ? [sent.at(-1)!, ...sent] : [sent.at(-1)!]
    expect((await call(transport, kind, sent)).map(plain)).toEqual(expected)
    if (streamsRequests(kind)) return
    for (const one of [echo(), echo({ text: 'två \u{1F600} +/%&', number: 2n ** 63n - 1n, payload: bytes })]) {
      expect((await call(transport, kind, [one])).map(plain)).toEqual(streamsResponses(kind) ? [one, one] : [one])
    }
  })

  it.each(kinds)('%s brings errors with code, message and details', async (kind) => {
    // biome-ignore lint/correctness/useYield: the handler fails before its first response
    const { transport } = await stage(async function* () {
      const details = [{ type: 'google.rpc.RetryInfo', value: new Uint8Array([10, 2, 8, 5]) }]
      throw new RpcError(Code.FAILED_PRECONDITION, 'nicht möglich: 100 %\r\n\u{1F600}', { reason: 'OUT', details })
    })
    const error = await call(transport, kind, [echo()]).catch((thrown: unknown) => thrown)
    if (!(error instanceof ConnectError)) throw new Error('the call was to fail', { cause: error })
    expect([error.code, error.rawMessage]).toEqual([
      ForeignCode.FailedPrecondition,
      'nicht möglich: 100 %\r\n\u{1F600}',
    ])
    const details = error.details.map((detail) => ('type' in detail ? detail.type : detail.desc.typeName))
    expect(details).toEqual(['google.rpc.ErrorInfo', 'google.rpc.RetryInfo'])
  })

  it.each(kinds.filter(streamsResponses))('%s brings an error after the messages before it', async (kind) => {
    const { transport } = await stage(async function* () {
      yield echo({ text: 'one' })
      throw new RpcError(Code.ABORTED, 'enough')
    })
    const client = createClient(ForeignWeb, transport) as unknown as Record<string, Call>
    const request = create(ForeignEcho, {})
    const responses = client[kind]!(streamsRequests(kind) ? each([request]) : request) as AsyncIterable<EchoMessage>
    const seen: string[] = []
    const reading = async () => {
      for await (const { text } of responses) seen.push(text)
    }
    await expect(reading()).rejects.toMatchObject({ code: ForeignCode.Aborted, rawMessage: 'enough' })
    expect(seen).toEqual(['one'])
  })

  it.each(kinds)('%s brings each of the sixteen codes', async (kind) => {
    const { transport } = await stage(async function* (requests) {
      for await (const { number } of requests) throw new RpcError(Number(number) as 1, `code ${number}`)
      yield echo()
    })
    for (let code = 1; code <= 16; code += 1) {
      const error = await call(transport, kind, [echo({ number: BigInt(code) })]).catch((thrown: unknown) => thrown)
      expect([(error as ConnectError).code, (error as ConnectError).rawMessage]).toEqual([code, `code ${code}`])
    }
  })

  it.each(kinds)('%s brings metadata both ways, and the deadline', async (kind) => {
    const { transport } = await stage(async function* (requests, context) {
      const { metadata, responseHeaders, responseTrailers } = context
      const leftMs = context.remainingMs() ?? 0
      responseHeaders.set('x-in-time', String(leftMs > 0 && leftMs <= 60_000))
      responseHeaders.set('x-seen', `${metadata.get('x-one')};${metadata.getBytes('x-raw-bin')?.join()}`)
      responseHeaders.append('x-head-bin', bytes)
      responseTrailers.set('x-trail', 't1', 't2').append('x-trail-bin', bytes)
      const own = [
        'content-type',
        'grpc-timeout',
        'connect-timeout-ms',
        'connect-protocol-version',
        'x-grpc-web',
        'host',
      ]
      responseTrailers.set('x-own', own.filter((key) => metadata.has(key)).join())
      yield* collect(requests, context)
    })
    let [head, trail] = [new Headers(), new Headers()]
    await call(transport, kind, [echo()], {
      timeoutMs: 60_000,
      headers: { 'x-one': 'with space, comma', 'x-raw-bin': Buffer.from(bytes).toString('base64') },
      onHeader: (headers) => {
        head = headers
      },
      onTrailer: (trailers) => {
        trail = trailers
      },
    })
    expect(['x-seen', 'x-head-bin', 'x-in-time'].map((name) => head.get(name))).toEqual([
      `with space, comma;${bytes.join()}`,
      'AAF/gP8',
      'true',
    ])
    expect([trail.get('x-trail'), trail.get('x-trail-bin'), trail.get('x-own')]).toEqual(['t1, t2', 'AAF/gP8', ''])
  })

  it.each(kinds)('%s brings metadata with an error', async (kind) => {
    // biome-ignore lint/correctness/useYield: the handler fails before its first response
    const { transport } = await stage(async function* (_, { responseHeaders, responseTrailers }) {
      responseHeaders.set('x-head', 'h')
      responseTrailers.set('x-trail', 't')
      throw new RpcError(Code.ABORTED, 'again')
    })
    const error = (await call(transport, kind, [echo()]).catch((thrown: unknown) => thrown)) as ConnectError
    expect([error.code, error.metadata.get('x-trail')]).toEqual([ForeignCode.Aborted, 't'])
  })

  it.each(kinds)('%s ends at the deadline', async (kind) => {
    const { transport } = await stage(async function* () {
      await new Promise(() => {})
      yield echo()
    })
    const calling = call(transport, kind, [echo()], { timeoutMs: 50 })
    await expect(calling).rejects.toMatchObject({ code: ForeignCode.DeadlineExceeded })
  })

  it.each(kinds)("%s cancels the handler when the caller's signal aborts", async (kind) => {
    const controller = new AbortController()
    let cancelled = (_: RpcError): void => {}
    const reason = new Promise<RpcError>((resolve) => {
      cancelled = resolve
    })
    const { transport } = await stage(async function* (_, context) {
      context.onCancel(cancelled)
      controller.abort()
      await new Promise(() => {})
      yield echo()
    })
    const calling = call(transport, kind, [echo()], { signal: controller.signal })
    await expect(calling).rejects.toMatchObject({ code: ForeignCode.Canceled })
    expect((await reason).code).toBe(Code.CANCELLED)
  })

  it.each(kinds.filter((kind) => kind !== 'look'))('%s refuses a message over the limit', async (kind) => {
    const { transport } = await stage(collect)
    const payload = new Uint8Array(300_000)
    const calling = call(transport, kind, [echo({ payload })])
    await expect(calling).rejects.toMatchObject({ code: ForeignCode.ResourceExhausted })
    expect((await call(transport, kind, [echo({ text: 'small' })]))[0]?.text).toBe('small')
  })

  it.each(kinds)('%s is cancelled by a drain that takes too long', async (kind) => {
    let enter = (): void => {}
    const entered = new Promise<void>((resolve) => {
      enter = resolve
    })
    const { transport, server } = await stage(async function* () {
      enter()
      await new Promise(() => {})
      yield echo()
    })
    const calling = call(transport, kind, [echo()]).catch((thrown: unknown) => thrown)
    await entered
    await server.drain(10)
    expect(await calling).toMatchObject({ code: ForeignCode.Unavailable })
  })

  it('says unimplemented of a method that the server lacks', async () => {
    const { transport } = await stage(collect)
    await expect(call(transport, 'absent', [echo()])).rejects.toMatchObject({ code: ForeignCode.Unimplemented })
  })
})
