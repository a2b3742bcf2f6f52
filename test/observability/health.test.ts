import { getEventListeners } from 'node:events'
import { Health, type ServingStatus } from 'tierkit/observability'
import { describe, expect, it } from 'vitest'

describe('Health', () => {
  it('is serving as a whole from the start, and knows nothing of services that were not set', () => {
    const health = new Health()
    expect(health.get('')).toBe('SERVING')
    expect(health.get('shop.Orders')).toBeUndefined()
  })

  it('lists what was set, as a copy', () => {
    const health = new Health()
    health.set('shop.Orders', 'NOT_SERVING')
    const statuses = health.statuses()
    health.set('shop.Orders', 'SERVING')
    expect([...statuses]).toEqual([
      ['', 'SERVING'],
      ['shop.Orders', 'NOT_SERVING'],
    ])
  })

  it('sets everything to NOT_SERVING on shutdown and ignores later sets', () => {
    const health = new Health()
    health.set('shop.Orders', 'SERVING')
    health.shutdown()
    health.set('shop.Orders', 'SERVING')
    health.set('shop.Late', 'SERVING')
    expect([...health.statuses()]).toEqual([
      ['', 'NOT_SERVING'],
      ['shop.Orders', 'NOT_SERVING'],
    ])
  })
})

describe('Health.watch', () => {
  it('yields the present status at once, then changes only', async () => {
    const health = new Health()
    health.set('s', 'SERVING')
    const watch = health.watch('s')
    expect(await watch.next()).toEqual({ done: false, value: 'SERVING' })
    const change = watch.next()
    health.set('s', 'SERVING')
    health.set('other', 'SERVING')
    health.set('s', 'NOT_SERVING')
    expect(await change).toEqual({ done: false, value: 'NOT_SERVING' })
  })

  it('yields SERVICE_UNKNOWN for an unknown service and stays open until it is known', async () => {
    const health = new Health()
    const watch = health.watch('s')
    expect((await watch.next()).value).toBe('SERVICE_UNKNOWN')
    const change = watch.next()
    health.set('s', 'SERVING')
    expect((await change).value).toBe('SERVING')
  })

  it('yields NOT_SERVING on shutdown and ends', async () => {
    const health = new Health()
    const seen: ServingStatus[] = []
    const reading = (async () => {
      for await (const status of health.watch('')) {
        seen.push(status)
        if (seen.length === 1) queueMicrotask(() => health.shutdown())
      }
    })()
    await reading
    expect(seen).toEqual(['SERVING', 'NOT_SERVING'])
  })

  it('ends when its signal aborts, and leaves no listener behind', async () => {
    const health = new Health()
    const controller = new AbortController()
    const watch = health.watch('', controller.signal)
    await watch.next()
    const waiting = watch.next()
    controller.abort()
    expect((await waiting).done).toBe(true)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    expect((await health.watch('', controller.signal).next()).done).toBe(true)
  })

  it('ends a waiting read when the reader returns', async () => {
    const controller = new AbortController()
    const watch = new Health().watch('', controller.signal)
    await watch.next()
    const waiting = watch.next()
    await watch.return?.()
    expect((await waiting).done).toBe(true)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })
})

describe('Health checks', () => {
  it('make readiness depend on both the status and every readiness check', async () => {
    const health = new Health()
    let broken = false
    health.addCheck('database', () => {
      if (broken) throw new Error('no connection')
    })
    expect((await health.ready()).ok).toBe(true)
    broken = true
    const report = await health.ready()
    expect(report.ok).toBe(false)
    expect(report.checks).toEqual([
      { name: 'serving', ok: true, error: undefined },
      { name: 'database', ok: false, error: new Error('no connection') },
    ])
    broken = false
    health.shutdown()
    expect((await health.ready()).ok).toBe(false)
  })

  it('leave liveness alone unless they are liveness checks', async () => {
    const health = new Health()
    health.addCheck('database', () => Promise.reject(new Error('down')))
    health.shutdown()
    expect((await health.live()).ok).toBe(true)
    const remove = health.addCheck('loop', () => Promise.reject(new Error('stuck')), { kind: 'liveness' })
    expect((await health.live()).ok).toBe(false)
    remove()
    expect((await health.live()).ok).toBe(true)
  })

  it('fail when they outlast their time, and learn of it by their signal', async () => {
    const health = new Health()
    let aborted = false
    const never = (signal: AbortSignal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
      })
    health.addCheck('slow', never, { timeoutMs: 5 })
    const report = await health.ready()
    expect(report.ok).toBe(false)
    expect(String(report.checks[1]?.error)).toContain('longer than 5 ms')
    expect(aborted).toBe(true)
  })
})
