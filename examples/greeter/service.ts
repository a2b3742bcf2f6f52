import { implement } from 'tierkit'
import { Greeter } from './contract.js'

/** A greeter of plain functions. Streams are async iterables, both ways. */
export const greeter = implement(Greeter, {
  sayHello: ({ text }) => ({ text: `Hello ${text}` }),

  async greetAll(requests) {
    const names: string[] = []
    for await (const { text } of requests) names.push(text)
    return { text: `Hello ${names.join(' and ')}` }
  },

  async *countDown({ text }) {
    for (let n = Number(text); n > 0; n -= 1) yield { text: String(n) }
  },

  async *chat(requests) {
    for await (const { text } of requests) yield { text: `you said: ${text}` }
  },
})
