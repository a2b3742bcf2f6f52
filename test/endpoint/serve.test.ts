import { Context, currentContext, type Method, outcome, serve } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { sampleMethod } from './sample-method.js'

const serverContext = (kind: Method['kind'], deadline?: number) =>
  new Context({ method: sampleMethod(kind), side: 'server', deadline })

async function* count(to: number): AsyncGenerator<number> {
  for (let n = 1; n <= to; n += 1) yield n
}

describe('serve', () => {
  it('makes the context current in the handler and in its stream', async () => {
    const context = serverContext('server_stream')
    const seen: unknown[] = []
    const stream = await serve(
      async () => {
        seen.push(currentContext())
        return (async function* () {
          seen.push(currentContext())
          yield 1
        })()
      },
      1,
      context,
    )
    for await (const _ of stream) seen.push(currentContext())
    expect(seen).toEqual([context, context, undefined])
  })

  it('keeps the context current while a stream that was left is closed', async () => {
    const context = serverContext('server_stream')
    const seen: unknown[] = []
    const responses = async function* () {
      try {
        yield 1
      } finally {
        seen.push(currentContext())
      }
    }
    for await (const _ of await serve(async () => responses(), 1, context)) break
    expect(seen).toEqual([context])
  })

  it('does not wait for a handler that ignores the deadline', async () => {
    const context = serverContext('unary', performance.timeOrigin + performance.now() + 5)
    await expect(serve(() => new Promise(() => {}), 1, context)).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
  })

  it('turns a foreign error into UNKNOWN without its text', async () => {
    const failing = serve(() => Promise.reject(new Error('secret')), 1, serverContext('unary'))
    await expect(failing).rejects.toMatchObject({ code: Code.UNKNOWN, rawMessage: 'unknown error' })
  })
})

describe('outcome', () => {
  const run = async (
    kind: Method['kind'],
    next: () => Promise<unknown>,
    read: (stream: AsyncIterable<unknown>) => Promise<void>,
  ) => {
    const context = serverContext(kind)
    const seen: unknown[] = []
    const result = outcome(next, 1, context, {
      response: (message) => seen.push(message),
      end: ({ code }) => seen.push(`end ${code}`),
    })
    await result.then((stream) => read(stream as AsyncIterable<unknown>)).catch(() => {})
    return { seen, context }
  }
  const drain = async (stream: AsyncIterable<unknown>) => {
    for await (const _ of stream);
  }

  it('ends a unary call when its response is there', async () => {
    const { seen } = await run(
      'unary',
      async () => 'reply',
      async () => {},
    )
    expect(seen).toEqual(['reply', 'end 0'])
  })

  it('ends a stream after its last message', async () => {
    const { seen } = await run('server_stream', async () => count(2), drain)
    expect(seen).toEqual([1, 2, 'end 0'])
  })

  it('ends a stream with the error it throws', async () => {
    const broken = async function* () {
      yield 1
      throw new RpcError(Code.DATA_LOSS, 'gone')
    }
    const { seen } = await run('server_stream', async () => broken(), drain)
    expect(seen).toEqual([1, 'end 15'])
  })

  it('ends an abandoned stream as cancelled', async () => {
    const { seen } = await run(
      'server_stream',
      async () => count(9),
      async (stream) => {
        for await (const _ of stream) break
      },
    )
    expect(seen).toEqual([1, 'end 1'])
  })

  it('ends a stream that nobody reads when the call is cancelled', async () => {
    const { seen, context } = await run(
      'server_stream',
      async () => count(9),
      async () => {},
    )
    context.cancel()
    expect(seen).toEqual(['end 1'])
  })

  it('ends once with an error that is undefined', async () => {
    const { seen } = await run(
      'unary',
      () => Promise.reject(undefined),
      async () => {},
    )
    expect(seen).toEqual(['end 2'])
  })
})
