import { type MethodKind, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { Code, codeName, type ErrorCode } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { check, equal } from './check.js'
import { type Claims, only } from './claim.js'
import { type Echo, echo, missingMethod } from './echo.js'
import { repeat, Stage, type TransportUnderTest } from './stage.js'

const INT64_MIN = -(2n ** 63n)

async function carries(transport: TransportUnderTest, kind: MethodKind, messages: readonly Echo[]): Promise<void> {
  const stage = await Stage.open(transport, kind, async function* (requests) {
    const seen: Echo[] = []
    for await (const request of requests) seen.push(request)
    // One request makes three responses where responses stream, several make one where they do not.
    yield seen[seen.length - 1] ?? echo()
    if (streamsResponses(kind)) yield* seen
  })
  const sent = streamsRequests(kind) ? messages : messages.slice(0, 1)
  const { responses } = await stage.call(sent)
  const last = sent[sent.length - 1]
  equal(responses, streamsResponses(kind) ? [last, ...sent] : [last], 'responses')
  await stage.close()
}

const failure = new RpcError(Code.FAILED_PRECONDITION, 'nicht möglich: 100 %, \u{1F600}', {
  reason: 'OUT_OF_STOCK',
  domain: 'shop.example',
  metadata: { sku: 'a-1' },
  details: [{ type: 'google.rpc.RetryInfo', value: new Uint8Array([10, 2, 8, 5]) }],
})

function checkFailure(error: RpcError): void {
  const { code, rawMessage, reason, domain, metadata } = error
  equal(
    { code, rawMessage, reason, domain, metadata },
    {
      code: failure.code,
      rawMessage: failure.rawMessage,
      reason: failure.reason,
      domain: failure.domain,
      metadata: failure.metadata,
    },
    'error',
  )
  const retryInfo = error.details.find(({ type }) => type === 'google.rpc.RetryInfo')
  equal(retryInfo?.value, failure.details[0]?.value, 'detail')
}

async function failsWith(transport: TransportUnderTest, kind: MethodKind, thrown: unknown): Promise<RpcError> {
  // biome-ignore lint/correctness/useYield: the handler fails before its first response
  const stage = await Stage.open(transport, kind, async function* () {
    throw thrown
  })
  const error = await stage.fail([echo()])
  await stage.ping()
  await stage.close()
  return error
}

/** Calls that go well, and calls whose handler fails. */
export const callCases: Claims = {
  'carries messages both ways': (transport, kind) =>
    carries(transport, kind, [
      echo({ text: 'one' }),
      echo({ text: 'två \u{1F600}', number: 2n }),
      echo({ text: 'three' }),
    ]),

  'carries the extremes of a message': async (transport, kind) => {
    await carries(transport, kind, [echo()])
    await carries(transport, kind, [echo({ number: INT64_MIN, payload: new Uint8Array(100_000).fill(7) })])
    await carries(transport, kind, [
      echo({ number: 2n ** 63n - 1n, payload: Uint8Array.from({ length: 256 }, (_, n) => n) }),
    ])
  },

  'keeps a hundred calls at a time apart': async (transport, kind) => {
    const stage = await Stage.open(transport, kind, repeat)
    const numbers = Array.from({ length: 100 }, (_, n) => BigInt(n))
    const results = await Promise.all(numbers.map((number) => stage.call([echo({ number })])))
    equal(
      results.map(({ responses }) => responses[0]?.number),
      numbers,
      'responses',
    )
    await stage.close()
  },

  'brings an error with code, message, reason, metadata and details': async (transport, kind) => {
    checkFailure(await failsWith(transport, kind, failure))
  },

  'brings each of the sixteen codes': async (transport, kind) => {
    const codes = Object.values(Code).filter((code): code is ErrorCode => code !== Code.OK)
    const stage = await Stage.open(transport, kind, async function* (requests) {
      for await (const { number } of requests) {
        throw new RpcError(Number(number) as ErrorCode, `code ${number}`)
      }
      yield echo()
    })
    for (const code of codes) {
      const error = await stage.fail([echo({ number: BigInt(code) })])
      equal(codeName(error.code), codeName(code), 'code')
      equal(error.rawMessage, `code ${code}`, 'message')
    }
    await stage.close()
  },

  'hides the text of an error that is not an RpcError': async (transport, kind) => {
    for (const thrown of [new Error('secret'), 'secret', undefined, { toString: () => 'secret' }]) {
      const error = await failsWith(transport, kind, thrown)
      equal(error.code, Code.UNKNOWN, 'code')
      check(
        !JSON.stringify([error.rawMessage, error.metadata]).includes('secret'),
        'no foreign text reaches the caller',
      )
    }
  },

  'brings an error after the messages before it': only(streamsResponses, async (transport, kind) => {
    const stage = await Stage.open(transport, kind, async function* () {
      yield echo({ number: 1n })
      yield echo({ number: 2n })
      throw failure
    })
    const seen: Echo[] = []
    const error = await (async () => {
      for await (const response of stage.begin([echo()]).responses) seen.push(response)
    })().catch((thrown: unknown) => thrown)
    equal(
      seen.map(({ number }) => number),
      [1n, 2n],
      'responses before the error',
    )
    check(error instanceof RpcError, 'the stream fails with an RpcError')
    checkFailure(error)
    await stage.close()
  }),

  'answers without waiting for the requests that are still to come': only(streamsRequests, async (transport, kind) => {
    const stage = await Stage.open(transport, kind, async function* () {
      yield echo({ text: 'early' })
    })
    const { responses } = await stage.call(endless())
    equal(responses[0]?.text, 'early', 'response')
    await stage.close()
  }),

  'says UNIMPLEMENTED of a method that the server lacks': async (transport, kind) => {
    const stage = await Stage.open(transport, kind, repeat)
    const { context } = stage.begin([echo()])
    const thrown = await stage.channel
      .endpoint(missingMethod)(echo(), context)
      .catch((error: unknown) => error)
    context.finish()
    check(thrown instanceof RpcError, 'the call fails with an RpcError')
    equal(codeName(thrown.code), 'UNIMPLEMENTED', 'code')
    await stage.close()
  },
}

async function* endless(): AsyncGenerator<Echo> {
  yield echo()
  await new Promise(() => {})
}
