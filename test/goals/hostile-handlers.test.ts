import { closeClient, createClient } from 'tierkit/client'
import type { Context, Middleware } from 'tierkit/endpoint'
import { Code, type ErrorCode, RpcError, type RpcErrorOptions } from 'tierkit/error'
import { recover } from 'tierkit/middleware'
import { implement } from 'tierkit/service'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Probe } from './probe.js'
import { type Served, serveOver, transportNames } from './transports.js'

// A rejection that nobody handles, or an error out of a timer, fails the run by itself.

const SECRET = 'postgres://admin:hunter2@db'

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function untyped(code: unknown, message: unknown, options?: unknown): RpcError {
  return new RpcError(code as ErrorCode, message as string, options as RpcErrorOptions)
}

/** What handlers throw that is no answer. */
const foreign: Readonly<Record<string, () => unknown>> = {
  'an error': () => new Error(SECRET),
  'an error that is its own cause': () => {
    const error: Error = new Error(SECRET)
    error.cause = error
    return error
  },
  'an error whose stack throws': () =>
    Object.defineProperty(new Error(SECRET), 'stack', {
      get: () => {
        throw new Error(SECRET)
      },
    }),
  text: () => SECRET,
  null: () => null,
  undefined: () => undefined,
  'a symbol': () => Symbol(SECRET),
  'a function': () => () => SECRET,
  'an object like an error': () => ({ name: 'Error', message: SECRET, code: 5 }),
  'an object whose name throws': () => ({
    get name() {
      throw new Error(SECRET)
    },
  }),
  'a revoked proxy': revoked,
}

/** What handlers throw that is an answer, with the one that arrives. */
const answers: Readonly<Record<string, [() => RpcError, Record<string, unknown>]>> = {
  'an answer': [() => new RpcError(Code.NOT_FOUND, 'gone'), { code: Code.NOT_FOUND, rawMessage: 'gone' }],
  'half of a surrogate pair': [
    () => new RpcError(Code.ABORTED, 'a\ud800b', { reason: '\udfff', metadata: { key: '\ud800' } }),
    { code: Code.ABORTED, rawMessage: 'a\ufffdb', reason: '\ufffd', metadata: { key: '\ufffd' } },
  ],
  'line ends and percent signs': [
    () => new RpcError(Code.ABORTED, 'a\r\nb: c\0%zz%41'),
    { code: Code.ABORTED, rawMessage: 'a\r\nb: c\0%zz%41' },
  ],
  'the code OK': [() => untyped(0, 'fine'), { code: Code.UNKNOWN }],
  'a code that is none': [() => untyped(99, 'odd'), { code: Code.UNKNOWN }],
  'numbers in place of text': [
    () => untyped(Code.NOT_FOUND, 7, { reason: 7, metadata: { order: 7 } }),
    { code: Code.NOT_FOUND, rawMessage: '7', reason: '7', metadata: { order: '7' } },
  ],
  'details that are none': [
    () => untyped(Code.NOT_FOUND, 'gone', { details: [null, { type: 5, value: 'x' }], metadata: null }),
    { code: Code.NOT_FOUND, rawMessage: 'gone', details: [] },
  ],
  'a message of a megabyte': [() => new RpcError(Code.NOT_FOUND, 'x'.repeat(1e6)), { code: Code.NOT_FOUND }],
  'details of a hundred kilobytes': [
    () => new RpcError(Code.NOT_FOUND, 'gone', { details: [{ type: 'a.B', value: new Uint8Array(1e5) }] }),
    { code: Code.NOT_FOUND, rawMessage: 'gone' },
  ],
}

/** What handlers do in place of answering. */
const deeds: Readonly<Record<string, (context: Context) => unknown>> = {
  'returns nothing': () => undefined,
  'returns null': () => null,
  'returns text': () => SECRET,
  'returns a message that does not fit': () => ({ text: 5 }),
  'returns half of a surrogate pair': () => ({ text: '\ud800' }),
  'returns a message with a getter that throws': () => ({
    get text() {
      throw new Error(SECRET)
    },
  }),
  'returns a revoked proxy': revoked,
  'returns a promise of its own that fails twice': () => ({
    // biome-ignore lint/suspicious/noThenProperty: this is what the test is about
    then: (_: unknown, reject: (thrown: unknown) => void) => {
      reject(new Error(SECRET))
      reject(new Error(SECRET))
      throw new Error(SECRET)
    },
  }),
  'cancels its own call, and listens badly': (context) => {
    context.onCancel(() => {
      throw new Error(SECRET)
    })
    context.cancel()
    return {}
  },
}

type Result = { done?: boolean; value?: unknown }

function iterable(next: (count: number) => unknown, leave?: () => unknown): AsyncIterable<never> {
  let count = 0
  const iterator = { next: () => next(count++), ...(leave && { return: leave }) }
  return { [Symbol.asyncIterator]: () => iterator } as never
}

const misfitFirst = (count: number): Promise<Result> =>
  Promise.resolve(count === 0 ? { done: false, value: { text: 5 } } : { done: true })

/** Streams that break the rules; none is one that ends well. */
const streams: Readonly<Record<string, () => unknown>> = {
  'is not one': () => ({}),
  'cannot be opened': () => ({
    [Symbol.asyncIterator]: () => {
      throw new Error(SECRET)
    },
  }),
  'opens to nothing': () => ({ [Symbol.asyncIterator]: () => undefined }),
  'throws at a read': () =>
    iterable(() => {
      throw new Error(SECRET)
    }),
  'reads nothing': () => iterable(async () => undefined),
  'throws when it is left': () =>
    iterable(misfitFirst, () => {
      throw new Error(SECRET)
    }),
  'is left with something odd': () => iterable(misfitFirst, () => 5),
  'is never left': () => iterable(misfitFirst, () => new Promise(() => {})),
  'fails while it cleans up': () =>
    (async function* () {
      try {
        yield { text: 5 }
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: this is what the test is about
        throw new Error(SECRET)
      }
    })(),
}

function hurl(thrown: unknown): never {
  throw thrown
}

/** Does what a request asks for: the name of a deed, with how. */
const service = implement(Probe, {
  unary: (({ text }: { text: string }, context: Context) => {
    const [how = '', what = ''] = text.split(': ')
    const thrown = foreign[what] ?? answers[what]?.[0]
    if (how === 'throws' && thrown) throw thrown()
    if (how === 'rejects' && thrown) return Promise.reject(thrown())
    return how === 'does' ? deeds[what]?.(context) : { text }
  }) as never,
  stream: (({ text }: { text: string }) => {
    const [how = '', what = ''] = text.split(': ')
    const thrown = foreign[what] ?? answers[what]?.[0] ?? (() => undefined)
    if (how === 'throws') throw thrown()
    if (how === 'rejects') return iterable(() => Promise.reject(thrown()))
    if (how === 'breaks') return iterable(async (count) => (count > 0 ? hurl(thrown()) : { value: { text: 'one' } }))
    if (how === 'goes on') return iterable(async (count) => ({ done: count === 1, value: { text: String(count) } }))
    return streams[what]?.()
  }) as never,
})

const chains: readonly (readonly [string, readonly Middleware[], Code])[] = [
  ['bare', [], Code.UNKNOWN],
  ['with recover', [recover()], Code.INTERNAL],
]

describe.each(transportNames)('%s', (name) => {
  describe.each(chains)('%s', (_, middleware, fault) => {
    let served: Served
    let client: ReturnType<typeof open>
    const open = () => createClient(Probe, { channel: served.channel, middleware: [], timeoutMs: 20_000 })
    beforeAll(async () => {
      served = await serveOver(name, service, middleware)
      client = open()
    })
    afterAll(async () => {
      await closeClient(client)
      await served.close()
    })

    const failure = async (call: Promise<unknown>): Promise<RpcError> => {
      const error: RpcError = await call.then(
        () => new Error('it went well'),
        (thrown) => thrown,
      )
      expect(error).toBeInstanceOf(RpcError)
      expect(JSON.stringify([error.rawMessage, error.reason, error.metadata])).not.toContain(SECRET)
      // The server is there, and so is the connection.
      expect(await client.unary({ text: 'hello' })).toEqual({ text: 'hello' })
      return error
    }
    const read = async (text: string, messages: string[] = []): Promise<string[]> => {
      for await (const message of client.stream({ text }, { timeoutMs: 20_000 })) messages.push(message.text)
      return messages
    }

    it.each(Object.keys(foreign))('a handler that throws %s', async (what) => {
      for (const how of ['throws', 'rejects']) {
        expect(await failure(client.unary({ text: `${how}: ${what}` }))).toMatchObject({ code: fault })
        expect(await failure(read(`${how}: ${what}`))).toMatchObject({ code: fault })
      }
      const messages: string[] = []
      expect(await failure(read(`breaks: ${what}`, messages))).toMatchObject({ code: fault })
      expect(messages).toEqual(['one'])
    })

    it.each(Object.entries(answers))('a handler that answers with %s', async (what, [, expected]) => {
      for (const how of ['throws', 'rejects']) {
        expect(await failure(client.unary({ text: `${how}: ${what}` }))).toMatchObject(expected)
        expect(await failure(read(`${how}: ${what}`))).toMatchObject(expected)
      }
      expect(await failure(read(`breaks: ${what}`))).toMatchObject(expected)
    })

    it.each(Object.keys(deeds))('a handler that %s', async (what) => {
      const { code } = await failure(client.unary({ text: `does: ${what}` }))
      expect([Code.UNKNOWN, Code.INTERNAL, Code.CANCELLED]).toContain(code)
    })

    it.each(Object.keys(streams))('a stream that %s', async (what) => {
      const { code } = await failure(read(`does: ${what}`))
      expect([Code.UNKNOWN, Code.INTERNAL]).toContain(code)
    })

    it('a stream that goes on after its end', async () => {
      expect(await read('goes on: ')).toEqual(['0'])
    })
  })
})
