import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { check, equal } from './check.js'
import type { Claims } from './claim.js'
import { echo } from './echo.js'
import { Stage } from './stage.js'

const bytes = new Uint8Array([0, 1, 127, 128, 255])

/** Metadata both ways, and who is at the other end. */
export const metadataCases: Claims = {
  'brings request metadata with repeated and binary values': async (transport, kind) => {
    const stage = await Stage.open(transport, kind, async function* (_, { metadata }) {
      const values = [metadata.getAll('x-many'), metadata.get('x-one'), metadata.getBytes('x-raw-bin')?.join()]
      yield echo({ text: JSON.stringify(values) })
    })
    const metadata = { 'x-many': ['a', 'b'], 'X-One': 'with space, comma', 'x-raw-bin': bytes }
    const { responses } = await stage.call([echo()], { metadata })
    equal(responses[0]?.text, JSON.stringify([['a', 'b'], 'with space, comma', bytes.join()]), 'what the handler saw')
    await stage.close()
  },

  'brings response headers and trailers': async (transport, kind) => {
    const stage = await Stage.open(transport, kind, async function* (requests, context) {
      context.responseHeaders.append('x-head', 'h1').append('x-head', 'h2').append('x-head-bin', bytes)
      context.responseTrailers.append('x-trail', 't').append('x-trail-bin', bytes)
      yield* requests
    })
    const { context } = await stage.call([echo()])
    equal(context.responseHeaders.getAll('x-head'), ['h1', 'h2'], 'headers')
    equal(context.responseHeaders.getBytes('x-head-bin'), bytes, 'binary header')
    equal(context.responseTrailers.get('x-trail'), 't', 'trailers')
    equal(context.responseTrailers.getBytes('x-trail-bin'), bytes, 'binary trailer')
    await stage.close()
  },

  'brings trailers with an error': async (transport, kind) => {
    // biome-ignore lint/correctness/useYield: the handler fails before its first response
    const stage = await Stage.open(transport, kind, async function* (_, context) {
      context.responseTrailers.set('x-trail', 't')
      throw new RpcError(Code.ABORTED, 'again')
    })
    const call = stage.begin([echo()])
    const error = await (async () => {
      for await (const _ of call.responses);
    })().catch((thrown: unknown) => thrown)
    check(error instanceof RpcError && error.code === Code.ABORTED, 'the call fails with ABORTED')
    equal(call.context.responseTrailers.get('x-trail'), 't', 'trailers')
    await stage.close()
  },

  'knows the peer on both ends': async (transport, kind) => {
    const stage = await Stage.open(transport, kind, async function* (_, { peer }) {
      yield echo({ text: peer?.address ?? '' })
    })
    const { responses, context } = await stage.call([echo()])
    check(responses[0]?.text !== '', 'the handler sees the address of its caller')
    check((context.peer?.address ?? '') !== '', 'the caller sees the address of the server')
    await stage.close()
  },

  'keeps its own headers to itself': async (transport, kind) => {
    const own = [
      'te',
      'content-type',
      'grpc-timeout',
      'grpc-encoding',
      'grpc-accept-encoding',
      'content-length',
      'host',
    ]
    const stage = await Stage.open(transport, kind, async function* (_, { metadata }) {
      yield echo({ text: own.filter((key) => metadata.has(key)).join() })
    })
    const { responses } = await stage.call([echo()], { timeoutMs: 60_000 })
    equal(responses[0]?.text, '', 'protocol headers in the metadata')
    await stage.close()
  },
}
