import { createClient } from 'tierkit/client'
import { bindings, defineMessage, defineService, implement, parseProto, unary } from 'tierkit/service'
import { createInproc } from 'tierkit/transport/inproc'
import { describe, expect, it, onTestFinished } from 'vitest'

const names = ['Then', 'ToJSON', 'ToString', 'ValueOf', 'Constructor', 'Catch', 'Finally', 'HasOwnProperty']

async function clientOf(rpcs: readonly string[]) {
  const contract = parseProto(`syntax = "proto3"; package odd.v1; message Text { string text = 1; }
    service Odd { ${rpcs.map((name) => `rpc ${name}(Text) returns (Text);`).join(' ')} }`)
  const Odd = contract.service('odd.v1.Odd')
  const calls: string[] = []
  const handlers = Object.entries(Odd.methods).map(([key, { name }]) => [
    key,
    async (request: object) => {
      calls.push(name)
      return request
    },
  ])
  const { server, channel } = createInproc()
  await server.listen(bindings([implement(Odd, Object.fromEntries(handlers))]))
  onTestFinished(() => server.close())
  const client = createClient(Odd, { channel, middleware: [] })
  return { client, calls, keys: Object.keys(Odd.methods) }
}

describe('a client of methods with names that the language asks for', () => {
  it.each([[names], [['then', 'toJSON']]])('is no promise, and is not called by what looks at it: %j', async (rpcs) => {
    const { client, calls } = await clientOf(rpcs)
    expect(await client).toBe(client)
    expect(await Promise.all([client])).toEqual([client])
    expect(JSON.stringify({ client })).toBe('{"client":{}}')
    expect(String(client)).toBe('[object Object]')
    expect(client.constructor).toBe(Object)
    expect(calls).toEqual([])
  })

  it('has each of them all the same', async () => {
    const { client, calls, keys } = await clientOf(names)
    expect(keys).toEqual(['Then', 'ToJSON', 'ToString', 'ValueOf', 'Constructor', 'catch', 'finally', 'HasOwnProperty'])
    for (const key of keys) expect(await client[key]?.({ text: key })).toEqual({ text: key })
    expect(calls).toEqual(names)
  })

  it.each(['then', 'toJSON'])('cannot be defined in code: %s', (name) => {
    const Nothing = defineMessage('odd.v1.Nothing', {})
    const upper = name.charAt(0).toUpperCase() + name.slice(1)
    expect(() => defineService({ name: 'odd.v1.Odd', methods: { [name]: unary(Nothing, Nothing) } })).toThrow(
      `${name} cannot be a method's name in code, for JavaScript calls it by itself: call it ${upper}`,
    )
  })
})
