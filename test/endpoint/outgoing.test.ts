import { Context, Metadata, outgoingContext, runInContext } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { sampleMethod } from './sample-method.js'

const method = sampleMethod()

describe('a call made inside a handler', () => {
  const clock = createFakeClock()
  const serving = (): Context =>
    new Context({
      method,
      side: 'server',
      clock,
      deadline: clock.now() + 200,
      metadata: new Metadata({ 'x-md-global-tenant': ['a', 'b'], 'x-md-local-hop': '1', authorization: 'Bearer x' }),
    })

  it('inherits the smaller deadline', () => {
    runInContext(serving(), () => {
      expect(outgoingContext(method).remainingMs()).toBe(200)
      expect(outgoingContext(method, { timeoutMs: 50 }).remainingMs()).toBe(50)
      expect(outgoingContext(method, { timeoutMs: 500 }).remainingMs()).toBe(200)
    })
  })

  it('is cancelled with the handler', () => {
    const parent = serving()
    const outgoing = outgoingContext(method, {}, parent)
    parent.cancel()
    expect(outgoing.cancelled?.code).toBe(Code.CANCELLED)
  })

  it('passes x-md-global- on with all values, and nothing else', () => {
    const { metadata } = outgoingContext(method, { metadata: { own: '1' } }, serving())
    expect([...metadata]).toEqual([
      ['own', ['1']],
      ['x-md-global-tenant', ['a', 'b']],
    ])
  })

  it('does not overwrite what the caller set', () => {
    const { metadata } = outgoingContext(method, { metadata: { 'x-md-global-tenant': 'mine' } }, serving())
    expect(metadata.getAll('x-md-global-tenant')).toEqual(['mine'])
  })
})

it('a call made outside of handlers has no deadline unless it is given one', () => {
  expect(outgoingContext(method).deadline).toBeUndefined()
})
