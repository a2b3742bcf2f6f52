import type { Middleware } from 'tierkit/endpoint'
import { chain } from 'tierkit/endpoint'
import { type MethodMatch, when } from 'tierkit/middleware'
import { describe, expect, it, vi } from 'vitest'
import { callContext, methodOf } from './fixture.js'

const mark =
  (name: string): Middleware =>
  (next) =>
  async (request, context) => {
    const response = await next(request, context)
    return [name, ...(response as string[])] as typeof response
  }

const call = (middleware: Middleware, name = 'Call') =>
  middleware(async () => ['handler'])({}, callContext({ method: methodOf('unary', { name }) }))

describe('when', () => {
  it.each<[MethodMatch]>([
    ['/test.v1.Things/Call'],
    ['test.v1.Things/Call'],
    ['/test.v1.Things/*'],
    ['test.v1.Things/*'],
    [/Things\/C/],
    [/things/gi],
    [({ idempotency }) => idempotency === 'unknown'],
    [['other.Service/*', /Call$/]],
  ])('applies where %s fits', async (match) => {
    expect(await call(when(match, mark('guarded')))).toEqual(['guarded', 'handler'])
  })

  it.each<[MethodMatch]>([
    ['/test.v1.Things/Cal'],
    ['test.v1.Thing/*'],
    ['v1.Things/*'],
    [/^Call/],
    [() => false],
    [[]],
  ])('leaves alone what %s does not fit', async (match) => {
    expect(await call(when(match, mark('guarded')))).toEqual(['handler'])
  })

  it('names the outermost first, and adds up in the order of the chain', async () => {
    const both = chain(when('test.v1.Things/*', mark('a'), mark('b')), when('test.v1.Things/Call', mark('c')))
    expect(await call(both)).toEqual(['a', 'b', 'c', 'handler'])
    expect(await call(both, 'Other')).toEqual(['a', 'b', 'handler'])
  })

  it('decides once for a method, not at every call', async () => {
    const match = vi.fn(() => true)
    const endpoint = when(match, mark('guarded'))(async () => ['handler'])
    const method = methodOf()
    for (let n = 0; n < 5; n += 1) await endpoint({}, callContext({ method }))
    expect(match).toHaveBeenCalledOnce()
  })

  it('decides for each method that one endpoint is called with', async () => {
    const endpoint = when('test.v1.Things/A', mark('guarded'))(async () => ['handler'])
    const responses: unknown[] = []
    for (const name of ['A', 'B', 'A']) {
      responses.push(await endpoint({}, callContext({ method: methodOf('unary', { name }) })))
    }
    expect(responses).toEqual([['guarded', 'handler'], ['handler'], ['guarded', 'handler']])
  })

  it.each(['Call', '/', 'a/b/c', '*/*', 'pkg.*/Call', ''])('refuses %j, which is no method', (match) => {
    expect(() => when(match, mark('a'))).toThrow(TypeError)
  })
})
