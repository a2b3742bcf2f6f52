/** A middleware of one's own, the order of a chain, and middleware of one method. */
import { chain, implement, type Middleware, outcome } from 'tierkit'
import { rateLimit, timeout, when } from 'tierkit/middleware'
import { createTestClient } from 'tierkit/testing'
import { Greeter } from './greeter/contract.js'

// A middleware is a function from endpoint to endpoint. `outcome` sees the end of a call, for streams as well.
const report: Middleware = (next) =>
  async function report(request, context) {
    return outcome(next, request, context, {
      end: ({ code }) => console.log(`${context.method.name} ended with code ${code}`),
    })
  }

const shout = (word: string): Middleware => {
  return (next) =>
    async function shout(request, context) {
      console.log(`${word} in`)
      const response = await next(request, context)
      console.log(`${word} out`)
      return response
    }
}

const service = implement(
  Greeter,
  {
    sayHello: ({ text }) => ({ text: `Hello ${text}` }),
    greetAll: () => ({ text: '' }),
    async *countDown({ text }) {
      for (let n = Number(text); n > 0; n -= 1) yield { text: String(n) }
    },
    async *chat() {},
  },
  { use: { countDown: [timeout({ streamMs: 1000 })] } }, // this method only, inside of what all have
)

const middleware = [
  report,
  chain(shout('outer'), shout('inner')), // the first named is outermost
  when('greeter.v1.Greeter/SayHello', rateLimit({ perSecond: 1, burst: 1 })),
]
const client = await createTestClient(Greeter, service, { middleware })

console.log((await client.sayHello({ text: 'Ada' })).text)
await client.sayHello({ text: 'again' }).catch((error: Error) => console.log(error.message))
for await (const { text } of client.countDown({ text: '2' })) console.log(text)
await client[Symbol.asyncDispose]()
