import { Context, type MethodKind } from 'tierkit/endpoint'
import { recordingEndpoint } from 'tierkit/testing'
import { describe, expect, it } from 'vitest'
import { sampleMethod } from '../endpoint/sample-method.js'

const context = (kind: MethodKind = 'unary') => new Context({ method: sampleMethod(kind), side: 'server' })
async function* stream(...messages: readonly number[]) {
  yield* messages
}

describe('recordingEndpoint', () => {
  it('answers in order, the last for ever, and remembers what it got', async () => {
    const endpoint = recordingEndpoint(new Error('first'), 'second', (request: unknown) => `third ${request}`)
    await expect(endpoint(1, context())).rejects.toThrow('first')
    expect(await endpoint(2, context())).toBe('second')
    expect(await endpoint(3, context())).toBe('third 3')
    expect(await endpoint(4, context())).toBe('third 4')
    expect(endpoint.calls.map(({ messages }) => messages)).toEqual([[1], [2], [3], [4]])
  })

  it('reads and writes streams', async () => {
    const endpoint = recordingEndpoint([1, 2])
    const seen: unknown[] = []
    const response = await endpoint(stream(7, 8), context('bidi_stream'))
    for await (const message of response as AsyncIterable<unknown>) seen.push(message)
    expect([seen, endpoint.calls[0]?.messages]).toEqual([
      [1, 2],
      [7, 8],
    ])
  })

  it('needs a response', () => {
    expect(() => recordingEndpoint()).toThrow('recordingEndpoint needs a response')
  })
})
