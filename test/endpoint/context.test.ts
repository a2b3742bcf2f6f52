import { Context, contextKey, Metadata } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { sampleMethod } from './sample-method.js'

const method = sampleMethod()
const create = (init: Partial<ConstructorParameters<typeof Context>[0]> = {}) =>
  new Context({ method, side: 'server', ...init })

describe('Context', () => {
  it('aborts its signal with DEADLINE_EXCEEDED when the deadline passes', async () => {
    const clock = createFakeClock()
    const context = create({ clock, deadline: clock.now() + 100 })
    const { signal } = context
    await clock.advance(99)
    expect(signal.aborted).toBe(false)
    expect(context.remainingMs()).toBe(1)
    await clock.advance(1)
    expect(signal.reason).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    expect(context.remainingMs()).toBe(0)
  })

  it('holds a deadline that is further away than a timer can be', async () => {
    const clock = createFakeClock()
    const days30 = 30 * 24 * 3600 * 1000
    const { signal } = create({ clock, deadline: clock.now() + days30 })
    await clock.advance(days30 - 1)
    expect(signal.aborted).toBe(false)
    await clock.advance(1)
    expect(signal.aborted).toBe(true)
  })

  it('gives a signal that is aborted already when it is asked for after the cancellation', () => {
    const context = create()
    context.cancel()
    expect(context.signal.reason).toMatchObject({ code: Code.CANCELLED })
  })

  it('keeps the first reason', () => {
    const context = create()
    context.cancel(new RpcError(Code.ABORTED, 'first'))
    context.cancel(new RpcError(Code.INTERNAL, 'second'))
    expect(context.cancelled?.code).toBe(Code.ABORTED)
  })

  it('tells every listener of a cancellation, whatever another one throws', async () => {
    const clock = createFakeClock()
    const context = create({ clock, deadline: clock.now() + 100 })
    const heard: unknown[] = []
    context.onCancel(() => {
      throw new Error('broken')
    })
    context.onCancel(({ code }) => heard.push(code))
    await clock.advance(100)
    context.onCancel(() => {
      throw new Error('broken')
    })
    expect(heard).toEqual([Code.DEADLINE_EXCEEDED])
  })

  it('is cancelled with an error even by code without types', () => {
    const context = create()
    context.cancel(null as never)
    expect(context.cancelled).toMatchObject({ code: Code.CANCELLED })
  })

  it('obeys a signal, keeping a time-out apart from an abort', () => {
    expect(create({ signal: AbortSignal.abort() }).cancelled?.code).toBe(Code.CANCELLED)
    expect(create({ signal: AbortSignal.abort('whatever') }).cancelled?.code).toBe(Code.CANCELLED)
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'))
    expect(create({ signal: late }).cancelled?.code).toBe(Code.DEADLINE_EXCEEDED)
  })

  it('leaves no timer and no listener behind when it is finished', () => {
    const clock = createFakeClock()
    const parent = create()
    const context = create({ clock, deadline: clock.now() + 100, parent })
    context.onCancel(() => expect.unreachable())
    context.finish()
    expect(clock.pending).toBe(0)
    parent.cancel()
    expect(context.cancelled).toBeUndefined()
  })

  it('derives a context that shares everything but the earlier deadline', async () => {
    const clock = createFakeClock()
    const parent = create({ clock, deadline: clock.now() + 100, metadata: new Metadata({ a: '1' }) })
    const child = parent.derive({ deadline: clock.now() + 50 })
    const tenant = contextKey<string>('tenant')
    child.set(tenant, 'blue')
    child.responseTrailers.set('t', '1')
    expect(parent.get(tenant)).toBe('blue')
    expect(parent.responseTrailers.get('t')).toBe('1')
    expect(child.metadata).toBe(parent.metadata)
    child.onCancel(() => {})
    await clock.advance(50)
    expect(child.cancelled?.code).toBe(Code.DEADLINE_EXCEEDED)
    expect(parent.cancelled).toBeUndefined()
    expect(parent.derive({ deadline: clock.now() + 1000 }).deadline).toBe(parent.deadline)
  })

  it('reads metadata and peer only when they are asked for, and once', () => {
    let reads = 0
    const read = <T>(value: T) => {
      return () => {
        reads += 1
        return value
      }
    }
    const context = create({ metadata: read(new Metadata()), peer: read({ address: 'a:1' }) })
    expect(reads).toBe(0)
    expect(context.metadata).toBe(context.metadata)
    expect(context.peer).toBe(context.peer)
    expect(reads).toBe(2)
  })
})
