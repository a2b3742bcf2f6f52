import { Registry } from 'prom-client'
import { chain } from 'tierkit/endpoint'
import { Code, type ErrorCode, RpcError } from 'tierkit/error'
import { type CircuitBreakerOptions, type CircuitEvent, circuitBreaker, retry } from 'tierkit/middleware'
import { describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { callContext, collect, failure, methodOf, rejection, streamOf } from './fixture.js'

/** Four calls to judge by, more than half of them failed, within 1 s; open for 500 ms. */
const small = { volumeThreshold: 4, windowMs: 1000, resetTimeoutMs: 500, registry: false } as const

const errors: Record<string, RpcError | undefined> = {
  ok: undefined,
  fail: failure(),
  gone: failure(Code.NOT_FOUND),
  left: failure(Code.CANCELLED),
  local: failure(Code.RESOURCE_EXHAUSTED, { neverSent: true }),
  inner: failure(Code.UNAVAILABLE, { neverSent: true, reason: 'CIRCUIT_OPEN' }),
}

/** A circuit and the calls that are made through it. */
function circuit(options: CircuitBreakerOptions = {}) {
  const clock = createFakeClock(1000)
  const events: CircuitEvent[] = []
  const ends = new Map<string, (error: RpcError | undefined) => void>()
  const endpoint = circuitBreaker({ ...small, ...options, onStateChange: (event) => events.push(event) })(
    (name: string) =>
      new Promise<string>((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve('response')))
      }),
  )
  const running = new Map<string, Promise<unknown>>()
  const begin = (name: string): void => {
    const call = endpoint(name, callContext({ clock }))
    call.catch(() => {})
    running.set(name, call)
  }
  const end = async (name: string, how: string): Promise<void> => {
    ends.get(name)?.(errors[how])
    await running.get(name)?.catch(() => {})
  }
  return { clock, events, ends, begin, end, state: () => events.at(-1)?.to ?? 'closed' }
}

/**
 * Plays a script: `ok`, `fail` … are calls that are made and end so, `x` is one that is refused, `+500` passes time,
 * `=open` is the state that the circuit must be in, `a(` begins a call and `a)fail` ends it.
 */
async function play(script: string): Promise<void> {
  const { clock, ends, begin, end, state } = circuit()
  for (const [step, token] of script.split(' ').entries()) {
    const where = `step ${step} (${token}) of "${script}"`
    const [, name = '', mark, how = ''] = /^(\w*)([(+=)])(\w*)$/.exec(token) ?? [
      undefined,
      `call${step}`,
      'call',
      token,
    ]
    if (mark === '+') await clock.advance(Number(how))
    else if (mark === '=') expect(state(), where).toBe(how)
    else if (mark === ')') await end(name, how)
    else {
      begin(name)
      expect(ends.has(name), `${where}: made`).toBe(how !== 'x')
      if (mark === 'call' && how !== 'x') await end(name, how)
    }
  }
}

describe('circuitBreaker', () => {
  it.each([
    ['stays closed while calls go well', 'ok ok ok ok ok ok =closed'],
    ['stays closed below its volume', 'fail fail fail =closed'],
    ['opens when its volume is reached', 'fail fail fail fail =open'],
    ['refuses calls while it is open', 'fail fail fail fail x x +499 x'],
    ['stays closed at exactly its threshold', 'ok ok fail fail =closed ok ok fail fail =closed'],
    ['opens above its threshold', 'ok ok fail fail =closed fail =open'],
    ['looks at failures only when one comes', 'fail fail fail ok =closed fail =open'],
    ['forgets what is older than its window', 'fail fail fail +1100 fail =closed fail fail fail =open'],
    ['forgets slice by slice', 'fail +500 fail fail +600 fail =closed fail =open'],
    ['forgets successes as well', 'ok ok ok ok ok ok +1100 fail fail fail =closed fail =open'],
    ['does not count refusals by the server', 'gone gone gone gone gone gone =closed'],
    ['does not let them thin out failures', 'gone gone gone gone gone gone fail fail fail fail =open'],
    ['does not count calls that were left', 'left left left left fail fail fail =closed fail =open'],
    ['does not count what was refused on this side', 'local inner local inner fail fail fail =closed fail =open'],
    ['does not count calls that still run', 'a( b( c( d( e( f( fail fail fail fail =open'],
    ['does not count its own refusals', 'fail fail fail fail =open x x x x x x +500 ok =closed fail =closed'],
    ['lets one call try after its time', 'fail fail fail fail +500 a( =half_open x x'],
    ['closes when that goes well', 'fail fail fail fail +500 a( x a)ok =closed ok'],
    ['opens again when that fails', 'fail fail fail fail +500 fail =open x +499 x +1 ok =closed'],
    ['closes on any answer of the server', 'fail fail fail fail +500 gone =closed'],
    ['tries another when that was left', 'fail fail fail fail +500 left =half_open ok =closed'],
    [
      'tries another when that was refused here',
      'fail fail fail fail +500 local =half_open inner =half_open ok =closed',
    ],
    ['tries another when that hangs', 'fail fail fail fail +500 a( x +499 x +1 ok =closed'],
    ['ignores what comes of one that hung', 'fail fail fail fail +500 a( +500 b( a)ok =half_open x b)fail =open'],
    ['begins anew when it closes', 'fail fail fail fail +500 ok =closed fail fail =closed fail =open'],
    ['ignores a late success when open', 'a( fail fail fail fail =open a)ok =open x'],
    ['ignores a late failure when open', 'a( fail fail fail fail +400 a)fail +100 ok =closed'],
    ['is not closed by a late success', 'a( fail fail fail fail +500 b( =half_open a)ok =half_open b)fail =open'],
    ['is not opened by a late failure', 'a( fail fail fail fail +500 b( a)fail =half_open b)ok =closed'],
    [
      'does not count failures from before it opened',
      'a( b( c( fail fail fail fail +500 ok a)fail b)fail c)fail =closed',
    ],
    [
      'opens, closes and opens for ever',
      'fail fail fail fail +500 ok fail fail fail =open +500 ok fail fail fail =open',
    ],
    [
      'stays open for its full time from the last failure',
      'fail fail fail fail +500 a( +300 a)fail +499 x +1 ok =closed',
    ],
  ])('%s', async (_, script) => {
    await play(script)
  })

  it.each<[ErrorCode, boolean]>([
    [Code.CANCELLED, false],
    [Code.UNKNOWN, true],
    [Code.INVALID_ARGUMENT, false],
    [Code.DEADLINE_EXCEEDED, true],
    [Code.NOT_FOUND, false],
    [Code.ALREADY_EXISTS, false],
    [Code.PERMISSION_DENIED, false],
    [Code.RESOURCE_EXHAUSTED, true],
    [Code.FAILED_PRECONDITION, false],
    [Code.ABORTED, false],
    [Code.OUT_OF_RANGE, false],
    [Code.UNIMPLEMENTED, false],
    [Code.INTERNAL, true],
    [Code.UNAVAILABLE, true],
    [Code.DATA_LOSS, true],
    [Code.UNAUTHENTICATED, false],
  ])('code %i counts as a failure: %s', async (code, counts) => {
    const opened = async (options: CircuitBreakerOptions) => {
      const onStateChange = vi.fn()
      const endpoint = circuitBreaker({ ...small, ...options, onStateChange })(() => Promise.reject(failure(code)))
      for (let n = 0; n < 4; n += 1) await rejection(endpoint({}, callContext()))
      return onStateChange.mock.calls.length > 0
    }
    expect(await opened({})).toBe(counts)
    expect(await opened({ codes: [Code.NOT_FOUND] })).toBe(code === Code.NOT_FOUND)
  })

  it('refuses with UNAVAILABLE, as never sent on a client', async () => {
    for (const side of ['client', 'server'] as const) {
      const endpoint = circuitBreaker(small)(() => Promise.reject(new TypeError('foreign')))
      for (let n = 0; n < 4; n += 1)
        expect(await rejection(endpoint({}, callContext({ side })))).toBeInstanceOf(TypeError)
      expect(await rejection(endpoint({}, callContext({ side })))).toMatchObject({
        code: Code.UNAVAILABLE,
        reason: 'CIRCUIT_OPEN',
        neverSent: side === 'client',
      })
    }
  })

  it('has by default twenty calls to judge by, and is open for 30 s', async () => {
    const clock = createFakeClock()
    const states: string[] = []
    const options = { registry: false, onStateChange: ({ to }: CircuitEvent) => states.push(to) } as const
    const endpoint = circuitBreaker(options)(() => Promise.reject(failure()))
    const call = () => rejection(endpoint({}, callContext({ clock })))
    for (let n = 0; n < 19; n += 1) await call()
    expect(states).toEqual([])
    await call()
    expect(states).toEqual(['open'])
    await clock.advance(29_999)
    expect(await call()).toMatchObject({ reason: 'CIRCUIT_OPEN' })
    await clock.advance(1)
    await call()
    expect(states).toEqual(['open', 'half_open', 'open'])
  })

  it('needs no timers, whatever the states of its circuits', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
    try {
      await play('fail fail fail fail =open +500 a( =half_open')
      await play('fail fail fail fail =open +500 ok =closed fail')
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('counts a stream when it ends', async () => {
    const method = methodOf('server_stream')
    const onStateChange = vi.fn()
    const endpoint = circuitBreaker({ ...small, onStateChange })(async () => streamOf([1], failure()))
    const streams = await Promise.all([1, 2, 3, 4].map(() => endpoint({}, callContext({ method }))))
    expect(onStateChange).not.toHaveBeenCalled()
    for (const stream of streams) await collect(stream)
    expect(onStateChange).toHaveBeenCalledOnce()
    expect(await rejection(endpoint({}, callContext({ method })))).toMatchObject({ reason: 'CIRCUIT_OPEN' })
  })

  describe('circuits', () => {
    const keysOf = async (options: CircuitBreakerOptions, contexts: readonly ReturnType<typeof callContext>[]) => {
      const keys: string[] = []
      const onStateChange = ({ key }: CircuitEvent) => keys.push(key)
      const endpoint = circuitBreaker({ ...small, volumeThreshold: 1, ...options, onStateChange })(() =>
        Promise.reject(failure()),
      )
      for (const context of contexts) await rejection(endpoint({}, context))
      return keys
    }
    const at = (name: string, address?: string, side: 'client' | 'server' = 'client') =>
      callContext({ side, method: methodOf('unary', { name }), peer: address === undefined ? undefined : { address } })
    const calls = () => [at('A'), at('A'), at('B'), at('A', 'h:1'), at('A', 'h:2'), at('B', 'h:1'), at('A', 'h:1')]

    it('are one for each method, and for each instance of it where that is known', async () => {
      expect(await keysOf({}, calls())).toEqual([
        '/test.v1.Things/A',
        '/test.v1.Things/B',
        '/test.v1.Things/A h:1',
        '/test.v1.Things/A h:2',
        '/test.v1.Things/B h:1',
      ])
    })

    it('are per method, per instance, or as a function says', async () => {
      expect(await keysOf({ per: 'method' }, calls())).toEqual(['/test.v1.Things/A', '/test.v1.Things/B'])
      expect(await keysOf({ per: 'instance' }, calls())).toEqual(['test.v1.Things', 'h:1', 'h:2'])
      expect(await keysOf({ per: ({ side }) => side }, calls())).toEqual(['client'])
    })

    it('know nothing of callers on a server', async () => {
      const served = ['h:1', 'h:2'].map((address) => at('A', address, 'server'))
      expect(await keysOf({}, served)).toEqual(['/test.v1.Things/A'])
    })

    it('are no more than they may be', async () => {
      const registry = new Registry()
      const contexts = [at('A'), at('B'), at('C'), at('A')]
      const keys = await keysOf({ maxKeys: 2, registry }, contexts)
      expect(keys).toEqual(['/test.v1.Things/A', '/test.v1.Things/B', '/test.v1.Things/C', '/test.v1.Things/A'])
      const { values = [] } = (await registry.getSingleMetric('tierkit_circuit_breaker_state')?.get()) ?? {}
      expect(values.map(({ labels }) => labels.breaker)).toEqual(['/test.v1.Things/C', '/test.v1.Things/A'])
    })
  })

  it('sends retries to other instances, at once', async () => {
    const clock = createFakeClock(1000)
    let picks = 0
    const picked: string[] = []
    const guard = circuitBreaker({ ...small, resetTimeoutMs: 60_000 })
    const endpoint = retry({ assumeIdempotent: true, budget: false })((_: unknown, context) => {
      picks += 1
      const address = `10.0.0.${picks % 2}:1`
      context.peer = { address }
      return guard(async () => {
        picked.push(address)
        if (address.startsWith('10.0.0.1')) throw failure()
        return 'ok'
      })({}, context)
    })
    for (let n = 0; n < 20; n += 1) {
      const call = endpoint({}, callContext({ clock }))
      await clock.advance(100)
      await call
    }
    expect(picked.slice(8)).toEqual(picked.slice(8).map(() => '10.0.0.0:1'))
  })

  describe('the fallback', () => {
    const fallback = vi.fn(async (_request: unknown, _context: unknown, error: RpcError) => error.reason ?? 'failed')

    it('answers for calls that fail, and for those that are refused', async () => {
      const endpoint = circuitBreaker({ ...small, fallback })(async (): Promise<string> => {
        throw failure()
      })
      const answers: string[] = []
      for (let n = 0; n < 5; n += 1) answers.push(await endpoint('request', callContext()))
      expect(answers).toEqual(['failed', 'failed', 'failed', 'failed', 'CIRCUIT_OPEN'])
      expect(fallback).toHaveBeenCalledWith('request', expect.anything(), expect.any(RpcError))
    })

    it('leaves alone what is not a failure', async () => {
      fallback.mockClear()
      const refuse = circuitBreaker({ ...small, fallback })(() => Promise.reject(failure(Code.NOT_FOUND)))
      expect(await rejection(refuse({}, callContext()))).toMatchObject({ code: Code.NOT_FOUND })
      expect(fallback).not.toHaveBeenCalled()
    })

    it('may fail as well', async () => {
      const none = () => {
        throw failure(Code.FAILED_PRECONDITION)
      }
      const endpoint = circuitBreaker({ ...small, fallback: none })(() => Promise.reject(failure()))
      expect(await rejection(endpoint({}, callContext()))).toMatchObject({ code: Code.FAILED_PRECONDITION })
    })
  })

  describe('what is seen', () => {
    it('tells of each change of state', async () => {
      const { clock, events, begin, end } = circuit()
      for (const how of ['fail', 'fail', 'fail', 'fail']) {
        begin(how)
        await end(how, how)
      }
      await clock.advance(500)
      begin('probe')
      await end('probe', 'ok')
      const key = '/test.v1.Things/Call'
      expect(events).toEqual([
        { key, from: 'closed', to: 'open' },
        { key, from: 'open', to: 'half_open' },
        { key, from: 'half_open', to: 'closed' },
      ])
    })

    it('goes on when a listener throws', async () => {
      const onStateChange = () => {
        throw new Error('listener')
      }
      const endpoint = circuitBreaker({ ...small, onStateChange })(() => Promise.reject(failure()))
      for (let n = 0; n < 4; n += 1) expect(await rejection(endpoint({}, callContext()))).toBeInstanceOf(RpcError)
      expect(await rejection(endpoint({}, callContext()))).toMatchObject({ reason: 'CIRCUIT_OPEN' })
    })

    it('shows states and changes in prom-client, shared by all breakers on a registry', async () => {
      const registry = new Registry()
      const clock = createFakeClock()
      const both = ['A', 'B'].map((name) => {
        const endpoint = circuitBreaker({ ...small, registry })((request: unknown) => Promise.reject(request))
        const method = methodOf('unary', { name })
        return (error: unknown) => rejection(endpoint(error, callContext({ clock, method })))
      })
      for (let n = 0; n < 4; n += 1) await both[0]?.(failure())
      await both[1]?.(failure())
      const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('tierkit'))
      expect(lines).toEqual([
        'tierkit_circuit_breaker_state{breaker="/test.v1.Things/A"} 2',
        'tierkit_circuit_breaker_state{breaker="/test.v1.Things/B"} 0',
        'tierkit_circuit_breaker_transitions_total{breaker="/test.v1.Things/A",to="open"} 1',
      ])
    })

    it('shows breakers of different names apart, though they guard the same method', async () => {
      const registry = new Registry()
      const clock = createFakeClock()
      const call = (name: string | undefined, error: RpcError) => {
        const endpoint = circuitBreaker({ ...small, name, maxKeys: 1, registry })(() => Promise.reject(error))
        return (method = 'A') =>
          rejection(endpoint({}, callContext({ clock, method: methodOf('unary', { name: method }) })))
      }
      const [east, west, other] = [
        call('east', failure()),
        call('west', failure(Code.NOT_FOUND)),
        call(undefined, failure()),
      ]
      for (let n = 0; n < 4; n += 1) await Promise.all([east(), west(), other()])
      // One circuit is kept: that of A goes.
      await other('B')
      const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('tierkit'))
      expect(lines).toEqual([
        'tierkit_circuit_breaker_state{name="east",breaker="/test.v1.Things/A"} 2',
        'tierkit_circuit_breaker_state{name="west",breaker="/test.v1.Things/A"} 0',
        'tierkit_circuit_breaker_state{breaker="/test.v1.Things/B"} 0',
        'tierkit_circuit_breaker_transitions_total{name="east",breaker="/test.v1.Things/A",to="open"} 1',
      ])
    })
  })

  it('lets few calls through to a server that is down, and all soon after it is back', async () => {
    const clock = createFakeClock()
    let healthy = false
    let made = 0
    const endpoint = chain(circuitBreaker({ resetTimeoutMs: 1000, registry: false }))(async () => {
      made += 1
      if (!healthy) throw failure()
    })
    const load = async (seconds: number) => {
      made = 0
      for (let n = 0; n < seconds * 100; n += 1) {
        await endpoint({}, callContext({ clock })).catch(() => {})
        await clock.advance(10)
      }
      return made
    }
    await load(1)
    expect(await load(10)).toBeLessThanOrEqual(10)
    healthy = true
    await load(1)
    expect(await load(5)).toBe(500)
  })

  it.each<[CircuitBreakerOptions]>([
    [{ errorThresholdPercentage: 100 }],
    [{ errorThresholdPercentage: -1 }],
    [{ volumeThreshold: 0 }],
    [{ windowMs: 0 }],
    [{ resetTimeoutMs: Number.NaN }],
    [{ maxKeys: 0 }],
  ])('refuses %o by name', (options) => {
    expect(() => circuitBreaker(options)).toThrow(Object.keys(options)[0])
  })
})
