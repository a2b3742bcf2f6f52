/** Retry, time-out, circuit breaker with a fallback, and a bulkhead, against a service that misbehaves on purpose. */
import { Code, chain, implement } from 'tierkit'
import { bulkhead, circuitBreaker, retry, timeout } from 'tierkit/middleware'
import { createTestClient, faults } from 'tierkit/testing'
import { Greeter } from './greeter/contract.js'

const handlers = {
  sayHello: ({ text }: { text: string }) => ({ text: `Hello ${text}` }),
  greetAll: () => ({ text: '' }),
  async *countDown() {},
  async *chat() {},
}
const service = implement(Greeter, handlers)

// Two of three calls fail; sayHello is marked as free of side effects, so it is tried again.
let calls = 0
const flaky = faults({ error: Code.UNAVAILABLE, random: () => (calls++ % 3 === 2 ? 1 : 0) })
const retried = await createTestClient(Greeter, service, { middleware: [flaky], clientMiddleware: [retry()] })
console.log('retried:', (await retried.sayHello({ text: 'Ada' })).text, `after ${calls} attempts`)

// A handler that hangs is cut off, and its signal fires.
const hanging = faults({ delayMs: Number.POSITIVE_INFINITY })
const limited = await createTestClient(Greeter, service, { middleware: [timeout({ ms: 30 }), hanging] })
await limited.sayHello({ text: 'Ada' }).catch((error: Error) => console.log('timed out:', error.message))

// A service that fails is left alone for a while; the fallback answers meanwhile.
const states: string[] = []
const breaker = circuitBreaker({
  volumeThreshold: 3,
  fallback: () => ({ text: 'Hello, more or less' }),
  onStateChange: ({ from, to }) => states.push(`${from} -> ${to}`),
})
const failing = faults({ error: Code.INTERNAL })
const broken = await createTestClient(Greeter, service, { middleware: [failing], clientMiddleware: [breaker] })
for (let n = 0; n < 10; n += 1) await broken.sayHello({ text: 'Ada' })
console.log('fallback:', (await broken.sayHello({ text: 'Ada' })).text, states)

// One at a time, one waiting; the third is turned away at once.
const narrow = chain(bulkhead({ concurrent: 1, queue: 1 }), faults({ delayMs: 30 }))
const crowded = await createTestClient(Greeter, service, { middleware: [narrow] })
const results = await Promise.allSettled([1, 2, 3].map(() => crowded.sayHello({ text: 'Ada' })))
console.log('bulkhead:', results.map(({ status }) => status).join(' '))

for (const client of [retried, limited, broken, crowded]) await client[Symbol.asyncDispose]()
