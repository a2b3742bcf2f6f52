import { closeClient } from 'tierkit/client'
import type { Middleware } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { defineMessage, defineService, field, implement, serverStream, unary } from 'tierkit/service'
import { createTestClient } from 'tierkit/testing'
import { describe, expect, it } from 'vitest'

const Note = defineMessage('test.Note', { text: field(1, 'string') })
const Notes = defineService({
  name: 'test.Notes',
  methods: { echo: unary(Note, Note), repeat: serverStream(Note, Note) },
})
const notes = implement(Notes, {
  echo: async (note) => {
    if (note.text === 'bad') throw new RpcError(Code.INVALID_ARGUMENT, 'bad note', { reason: 'BAD' })
    return note
  },
  async *repeat(note) {
    for (;;) yield note
  },
})

const tag =
  (name: string, seen: string[]): Middleware =>
  (next) =>
  (request, context) => {
    seen.push(`${name} on the ${context.side}`)
    return next(request, context)
  }

describe('createTestClient', () => {
  it('calls a service without sockets', async () => {
    await using client = await createTestClient(Notes, notes)
    expect(await client.echo({ text: 'hi' })).toEqual({ text: 'hi' })
    await expect(client.echo({ text: 'bad' })).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'BAD' })
  })

  it('runs the middleware of both sides', async () => {
    const seen: string[] = []
    const options = { middleware: [tag('a', seen)], clientMiddleware: [tag('b', seen)] }
    await using client = await createTestClient(Notes, [notes], options)
    await client.echo({})
    expect(seen).toEqual(['b on the client', 'a on the server'])
  })

  it('passes messages through their codecs', async () => {
    await using client = await createTestClient(Notes, notes)
    await expect(client.echo({ text: 7 as never })).rejects.toMatchObject({ message: expect.stringContaining('text') })
  })

  it('ends all of it when it is closed', async () => {
    const client = await createTestClient(Notes, notes)
    const stream = client.repeat({ text: 'x' })
    await stream.next()
    await closeClient(client)
    await expect(stream.next()).rejects.toMatchObject({ code: Code.UNAVAILABLE })
  })

  it('refuses what is no service', async () => {
    await expect(createTestClient(Notes, {})).rejects.toThrow(/is no service/)
  })
})
