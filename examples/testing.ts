/** How to test a service: in process, with its middleware, time that the test owns, and faults. */
import assert from 'node:assert/strict'
import { Code, implement } from 'tierkit'
import { timeout } from 'tierkit/middleware'
import { createFakeClock, createTestClient, faults } from 'tierkit/testing'
import { Greeter } from './greeter/contract.js'
import { greeter } from './greeter/service.js'

// A client of the service without sockets: messages, metadata, deadlines and errors as over a wire.
const client = await createTestClient(Greeter, greeter)
assert.equal((await client.sayHello({ text: 'Ada' })).text, 'Hello Ada')
await client[Symbol.asyncDispose]()
console.log('ok: answers')

// An hour passes in no time.
const clock = createFakeClock()
const slow = implement(Greeter, {
  sayHello: () => new Promise<never>(() => {}),
  greetAll: () => ({ text: '' }),
  async *countDown() {},
  async *chat() {},
})
const limited = await createTestClient(Greeter, slow, {
  clock,
  middleware: [timeout({ ms: 3_600_000 })],
  timeoutMs: Infinity,
})
const call = assert.rejects(limited.sayHello({ text: 'Ada' }), { code: Code.DEADLINE_EXCEEDED })
await clock.advance(3_600_000)
await call
await limited[Symbol.asyncDispose]()
console.log('ok: times out')

// What callers see when the service is not there.
const failing = await createTestClient(Greeter, greeter, { middleware: [faults({ error: Code.UNAVAILABLE })] })
await assert.rejects(failing.sayHello({ text: 'Ada' }), { code: Code.UNAVAILABLE })
await failing[Symbol.asyncDispose]()
console.log('ok: fails as told')
