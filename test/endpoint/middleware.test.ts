import { Context, chain, type Middleware } from 'tierkit/endpoint'
import { expect, it } from 'vitest'
import { sampleMethod } from './sample-method.js'

it('the first named is outermost', async () => {
  const steps: string[] = []
  const named = (name: string): Middleware => {
    return (next) => async (request, context) => {
      steps.push(`${name} in`)
      const response = await next(request, context)
      steps.push(`${name} out`)
      return response
    }
  }
  const endpoint = chain(named('a'), named('b'), named('c'))(async (request: number) => request * 2)
  expect(await endpoint(21, new Context({ method: sampleMethod(), side: 'server' }))).toBe(42)
  expect(steps).toEqual(['a in', 'b in', 'c in', 'c out', 'b out', 'a out'])
})

it('a chain of nothing is the endpoint itself', () => {
  const endpoint = async () => 1
  expect(chain()(endpoint)).toBe(endpoint)
})
