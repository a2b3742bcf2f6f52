import { Context, type MethodKind } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { createFakeClock, type FaultsOptions, faults, recordingEndpoint } from 'tierkit/testing'
import { describe, expect, it } from 'vitest'
import { sampleMethod } from '../endpoint/sample-method.js'

const clock = createFakeClock()
const context = (kind: MethodKind = 'unary') => new Context({ method: sampleMethod(kind), side: 'server', clock })

function setUp(options: FaultsOptions, response: unknown = 'ok') {
  const endpoint = recordingEndpoint(response)
  return { endpoint, faulty: faults(options)(endpoint) }
}

async function read(stream: unknown, seen: unknown[]): Promise<void> {
  for await (const message of stream as AsyncIterable<unknown>) seen.push(message)
}

describe('faults', () => {
  it('fails calls before any handler sees them', async () => {
    const { endpoint, faulty } = setUp({ error: Code.UNAVAILABLE })
    await expect(faulty(1, context())).rejects.toMatchObject({ code: Code.UNAVAILABLE })
    expect(endpoint.calls.length).toBe(0)
  })

  it('throws the very error that it is given', async () => {
    const error = new RpcError(Code.ABORTED, 'mine')
    await expect(setUp({ error }).faulty(1, context())).rejects.toBe(error)
  })

  it('hits the given share of the calls', async () => {
    const draws = [0.1, 0.3, 0.29]
    const { faulty } = setUp({ error: Code.INTERNAL, rate: 0.3, random: () => draws.shift() ?? 1 })
    await expect(faulty(1, context())).rejects.toMatchObject({ code: Code.INTERNAL })
    expect(await faulty(1, context())).toBe('ok')
    await expect(faulty(1, context())).rejects.toMatchObject({ code: Code.INTERNAL })
    expect(() => faults({ rate: 2 })).toThrow('faults: rate must be from 0 to 1, not 2')
  })

  it('holds calls up on their own clock', async () => {
    const { faulty, endpoint } = setUp({ delayMs: [100, 200], random: () => 0.5 })
    const answer = faulty(1, context())
    await clock.advance(149)
    expect(endpoint.calls.length).toBe(0)
    await clock.advance(1)
    expect(await answer).toBe('ok')
  })

  it('lets a call go that is cancelled while it is held up', async () => {
    const { faulty } = setUp({ delayMs: Number.POSITIVE_INFINITY })
    const call = context()
    const answer = faulty(1, call)
    call.cancel()
    await expect(answer).rejects.toMatchObject({ code: Code.CANCELLED })
    expect(clock.pending).toBe(0)
  })

  it('loses the answer of a handler that has run', async () => {
    const { faulty, endpoint } = setUp({ abortAfter: 0 })
    await expect(faulty(1, context())).rejects.toMatchObject({ code: Code.UNAVAILABLE })
    expect(endpoint.calls.length).toBe(1)
  })

  it('breaks a stream off after so many messages', async () => {
    const { faulty } = setUp({ abortAfter: 2, error: Code.DATA_LOSS }, [1, 2, 3])
    const seen: unknown[] = []
    const reading = read(await faulty(1, context('server_stream')), seen)
    await expect(reading).rejects.toMatchObject({ code: Code.DATA_LOSS })
    expect(seen).toEqual([1, 2])
  })

  it('leaves a stream alone that is shorter', async () => {
    const { faulty } = setUp({ abortAfter: 4 }, [1, 2, 3])
    const seen: unknown[] = []
    await read(await faulty(1, context('server_stream')), seen)
    expect(seen).toEqual([1, 2, 3])
  })
})
