import { Code } from 'tierkit/error'
import { fromTsProto, type Implementation, implement } from 'tierkit/service'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { type Note, NotesDefinition, type WriteRequest } from './generated/ts-proto/notes.js'
import { all, clientOf, contract, each, json, serving } from './notes.js'

const Notes = fromTsProto(NotesDefinition)
const written = new Date('2026-01-02T03:04:05Z')

const handlers: Implementation<typeof Notes> = {
  write: ({ text, size, tags }) => ({ noteId: tags.join(), text, size, writtenAt: written }),
  // What is left out has its default.
  read: ({ noteId }) => ({ noteId, author: { $case: 'number' as const, value: 3 } }),
  async *follow({ noteId }) {
    yield { noteId, text: 'a' }
    yield { noteId, text: 'b' }
  },
  import: async (requests) => ({ count: (await all(requests)).length }),
  async *chat(notes) {
    for await (const note of notes) yield note
  },
}
const service = implement(Notes, handlers)

describe('a service of ts-proto', () => {
  it('has the types of ts-proto', () => {
    type Write = typeof Notes.methods.write
    expectTypeOf<ReturnType<Write['request']['decode']>>().toEqualTypeOf<WriteRequest>()
    expectTypeOf<ReturnType<Write['response']['decode']>>().toEqualTypeOf<Note>()
    expectTypeOf<Write['kind']>().toEqualTypeOf<'unary'>()
    expectTypeOf<(typeof Notes.methods.import)['kind']>().toEqualTypeOf<'client_stream'>()
  })

  it('keeps the HTTP rules and the idempotency of the contract', () => {
    const { write, read, chat } = Notes.methods
    expect(write.http).toEqual([{ method: 'POST', path: '/v1/notes', body: '*' }])
    expect([read.idempotency, read.http]).toEqual(['no_side_effects', [{ method: 'GET', path: '/v1/notes/{note_id}' }]])
    expect([chat.idempotency, chat.http]).toEqual(['unknown', []])
  })

  it('is implemented and called with its own messages, in all four kinds', async () => {
    const { grpcUrl } = await serving(service)
    const notes = clientOf(Notes, grpcUrl)
    const note = await notes.write({ text: 'hello', size: 2n ** 62n, tags: ['x', 'y'] })
    expect(note).toEqual({ noteId: 'x,y', text: 'hello', size: 2n ** 62n, writtenAt: written, author: undefined })
    expect((await notes.read({ noteId: '9' })).author).toEqual({ $case: 'number', value: 3 })
    expect((await all(notes.follow({ noteId: '1' }))).map(({ text }) => text)).toEqual(['a', 'b'])
    expect(await notes.import(each({ text: 'x' }, { text: 'y' }))).toEqual({ count: 2 })
    expect((await all(notes.chat(each({ text: 'x' })))).map(({ text }) => text)).toEqual(['x'])
  })

  it('is reached by a client of another making, over gRPC and JSON', async () => {
    const { grpcUrl, httpUrl } = await serving(service)
    const notes = clientOf(contract.service('notes.v1.Notes'), grpcUrl)
    expect(await notes.write?.({ text: 'hi', size: 5n, tags: ['z'] })).toMatchObject({
      noteId: 'z',
      text: 'hi',
      size: 5n,
    })
    expect(await json(`${httpUrl}/v1/notes/12`)).toEqual([200, { noteId: '12', number: 3 }])
  })

  it('says what it cannot read', async () => {
    const { httpUrl } = await serving(service)
    const [status, body] = await json(`${httpUrl}/v1/notes`, '{"size":"much"}')
    expect([status, (body as { code: number }).code]).toEqual([400, Code.INVALID_ARGUMENT])
  })

  it('speaks ProtoJSON where the contract is given, and what ts-proto takes for JSON where not', async () => {
    const post = async (options: object): Promise<unknown> => {
      const own = { ...handlers, write: ({ text }: WriteRequest) => ({ text }) }
      const { httpUrl } = await serving(implement(fromTsProto(NotesDefinition, options), own))
      return json(`${httpUrl}/v1/notes`, '{"text":7,"nope":1}')
    }
    expect(await post({})).toEqual([200, { text: '7' }])
    expect(await post({ contract })).toMatchObject([400, { details: [{ fieldViolations: [{ field: 'text' }] }] }])
  })

  it('is validated and documented as the contract says that it is given', () => {
    const known = fromTsProto(NotesDefinition, { contract })
    expect(known.comment).toBe('Keeps notes.')
    expect(known.methods.write.comment).toBe('Writes a note down.')
    expect(known.methods.write.request.schema?.fullName).toBe('notes.v1.WriteRequest')
  })
})
