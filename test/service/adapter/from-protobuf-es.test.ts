import { create } from '@bufbuild/protobuf'
import { Code } from 'tierkit/error'
import { implement } from 'tierkit/service'
import { fromProtobufEs } from 'tierkit/service/protobuf-es'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { Notes as EsNotes, type Note, NoteSchema, type WriteRequest } from './generated/es/notes_pb.js'
import { all, clientOf, contract, each, json, serving } from './notes.js'

const Notes = fromProtobufEs(EsNotes)

const service = implement(Notes, {
  write: ({ text, size }) => create(NoteSchema, { noteId: '7', text, size }),
  // What `create` takes is enough.
  read: ({ noteId }) => ({ noteId, author: { case: 'number' as const, value: 3 } }),
  async *follow({ noteId }) {
    yield { noteId, text: 'a' }
    yield { noteId, text: 'b' }
  },
  import: async (requests) => ({ count: (await all(requests)).length }),
  async *chat(notes) {
    for await (const note of notes) yield note
  },
})

describe('a service of protobuf-es', () => {
  it('has the types of protobuf-es', () => {
    type Write = typeof Notes.methods.write
    expectTypeOf<NonNullable<ReturnType<Write['request']['decode']>>>().toEqualTypeOf<WriteRequest>()
    expectTypeOf<ReturnType<Write['response']['decode']>>().toEqualTypeOf<Note>()
    expectTypeOf<Write['kind']>().toEqualTypeOf<'unary'>()
    expectTypeOf<(typeof Notes.methods.chat)['kind']>().toEqualTypeOf<'bidi_stream'>()
  })

  it('brings its contract along', () => {
    expect(Notes.name).toBe('notes.v1.Notes')
    const { read } = Notes.methods
    expect([read.idempotency, read.http]).toEqual(['no_side_effects', [{ method: 'GET', path: '/v1/notes/{note_id}' }]])
    expect(read.request.fields?.map(({ name }) => name)).toEqual(['note_id'])
    expect(Notes.methods.write.response.schema?.fullName).toBe('notes.v1.Note')
  })

  it('is implemented and called with its own messages, in all four kinds', async () => {
    const { grpcUrl } = await serving(service)
    const notes = clientOf(Notes, grpcUrl)
    const note = await notes.write({ text: 'hello', size: 2n ** 62n })
    expect(note).toEqual(create(NoteSchema, { noteId: '7', text: 'hello', size: 2n ** 62n }))
    expect((await notes.read({ noteId: '9' })).author).toEqual({ case: 'number', value: 3 })
    expect((await all(notes.follow({ noteId: '1' }))).map(({ text }) => text)).toEqual(['a', 'b'])
    expect(await notes.import(each({ text: 'x' }, { text: 'y' }))).toMatchObject({ count: 2 })
    expect((await all(notes.chat(each({ text: 'x' })))).map(({ text }) => text)).toEqual(['x'])
  })

  it('is reached by a client of another making, over gRPC and JSON', async () => {
    const { grpcUrl, httpUrl } = await serving(service)
    const notes = clientOf(contract.service('notes.v1.Notes'), grpcUrl)
    expect(await notes.write?.({ text: 'hi', size: 5n })).toMatchObject({ noteId: '7', text: 'hi', size: 5n })
    expect(await json(`${httpUrl}/v1/notes/12`)).toEqual([200, { noteId: '12', number: 3 }])
    expect(await json(`${httpUrl}/v1/notes`, '{"text":"t","size":"5"}')).toEqual([
      200,
      { noteId: '7', text: 't', size: '5' },
    ])
  })

  it('refuses what does not fit as any service does', async () => {
    const { httpUrl } = await serving(service)
    const [status, body] = await json(`${httpUrl}/v1/notes`, '{"text":7}')
    expect([status, (body as { code: number }).code]).toEqual([400, Code.INVALID_ARGUMENT])
    expect((await json(`${httpUrl}/v1/notes`, '{"nothing":7}'))[0]).toBe(400)
  })
})
