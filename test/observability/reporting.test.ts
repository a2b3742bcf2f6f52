import type { Outcome } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { expect, it } from 'vitest'
import { reporting } from '../../src/observability/reporting.js'
import { testContext } from './fixture.js'

function recorder(name: string, seen: string[]) {
  const observer = {
    request: (message: unknown) => void seen.push(`${name} request ${message}`),
    end: ({ code }: Outcome) => void seen.push(`${name} end ${code}`),
  }
  return () => observer
}

it('shows a call to all that report it in a row, the outermost first, by calling the endpoint once', async () => {
  const seen: string[] = []
  let calls = 0
  const inner = reporting(recorder('inner', seen), async () => (calls += 1))
  const endpoint = reporting(recorder('outer', seen), inner)
  expect(await endpoint('ping', testContext('server'))).toBe(1)
  expect(seen).toEqual(['outer request ping', 'inner request ping', 'outer end 0', 'inner end 0'])
})

it('leaves alone what reports behind something that may change the outcome', async () => {
  const seen: string[] = []
  const inner = reporting(recorder('inner', seen), async () => 'pong')
  const refusing = async () => {
    await inner('ping', testContext('server'))
    throw new RpcError(Code.ABORTED, 'no')
  }
  await reporting(recorder('outer', seen), refusing)('ping', testContext('server')).catch(() => {})
  expect(seen.slice(-2)).toEqual(['inner end 0', `outer end ${Code.ABORTED}`])
})

it('reports an endpoint that throws at once as one that rejects', async () => {
  const seen: string[] = []
  const endpoint = reporting(recorder('one', seen), () => {
    throw new RpcError(Code.NOT_FOUND, 'gone')
  })
  await expect(endpoint('ping', testContext('server'))).rejects.toMatchObject({ code: Code.NOT_FOUND })
  expect(seen.at(-1)).toBe(`one end ${Code.NOT_FOUND}`)
})
