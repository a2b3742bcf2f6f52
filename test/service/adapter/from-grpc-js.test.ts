import { loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js'
import { load } from '@grpc/proto-loader'
import { Code } from 'tierkit/error'
import { fromGrpcJs, implement } from 'tierkit/service'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { Note, ReadRequest, WriteRequest } from './generated/ts-proto/notes.js'
import { all, clientOf, contract, each, INCLUDE, json, NOTES_PROTO, serving } from './notes.js'

/** As generators for grpc-js write it. */
const generated = {
  write: {
    path: '/notes.v1.Notes/Write',
    requestStream: false,
    responseStream: false,
    requestSerialize: (value: WriteRequest) => Buffer.from(WriteRequest.encode(value).finish()),
    requestDeserialize: (bytes: Buffer) => WriteRequest.decode(bytes),
    responseSerialize: (value: Note) => Buffer.from(Note.encode(value).finish()),
    responseDeserialize: (bytes: Buffer) => Note.decode(bytes),
  },
  follow: {
    path: '/notes.v1.Notes/Follow',
    requestStream: false,
    responseStream: true,
    requestSerialize: (value: ReadRequest) => Buffer.from(ReadRequest.encode(value).finish()),
    requestDeserialize: (bytes: Buffer) => ReadRequest.decode(bytes),
    responseSerialize: (value: Note) => Buffer.from(Note.encode(value).finish()),
    responseDeserialize: (bytes: Buffer) => Note.decode(bytes),
  },
} as const

const note = (text: string): Note => ({ noteId: '7', text, size: 0n, writtenAt: undefined, author: undefined })

describe('a generated definition of grpc-js', () => {
  const Notes = fromGrpcJs(generated)
  const handlers = {
    write: ({ text }: WriteRequest) => note(text),
    async *follow({ noteId }: ReadRequest) {
      yield note(noteId)
    },
  }

  it('has the types of its functions', () => {
    expectTypeOf<ReturnType<typeof Notes.methods.write.request.decode>>().toEqualTypeOf<WriteRequest>()
    expectTypeOf<typeof Notes.methods.follow.kind>().toEqualTypeOf<'server_stream'>()
  })

  it('is implemented and called with its own messages', async () => {
    const { grpcUrl } = await serving(implement(Notes, handlers))
    const notes = clientOf(Notes, grpcUrl)
    expect(await notes.write({ text: 'hello', size: 1n, tags: [] })).toEqual(note('hello'))
    expect(await all(notes.follow({ noteId: 'n' }))).toEqual([note('n')])
  })

  it('has no JSON by itself, and says so', async () => {
    const { httpUrl } = await serving(implement(Notes, handlers))
    expect(await json(`${httpUrl}/notes.v1.Notes/Write`, '{}')).toEqual([
      501,
      expect.objectContaining({ code: Code.UNIMPLEMENTED, message: expect.stringContaining('has no JSON') }),
    ])
  })

  it('has JSON and REST by its contract', async () => {
    const { httpUrl } = await serving(implement(fromGrpcJs(generated, { contract }), handlers))
    expect(await json(`${httpUrl}/v1/notes`, '{"text":"t"}')).toEqual([200, { noteId: '7', text: 't' }])
  })

  it('is of one service', () => {
    const other = { ...generated, other: { ...generated.write, path: '/notes.v1.Other/Write' } }
    expect(() => fromGrpcJs(other)).toThrow('methods of one service are needed, not of 2')
  })
})

describe('a definition that proto-loader loaded', () => {
  it('brings its contract along, in all four kinds', async () => {
    const loaded = loadPackageDefinition(await load(NOTES_PROTO, { longs: String, includeDirs: [INCLUDE] }))
    const notesV1 = (loaded.notes as unknown as { v1: { Notes: ServiceClientConstructor } }).v1
    const Notes = fromGrpcJs(notesV1.Notes.service)
    expect(Notes.methods.read?.http).toEqual([{ method: 'GET', path: '/v1/notes/{note_id}' }])
    const service = implement(Notes, {
      write: (request: { text: string }) => ({ noteId: '7', text: request.text }),
      read: (request: { noteId: string }) => ({ noteId: request.noteId, size: '5' }),
      follow: async function* (request: { noteId: string }) {
        yield request
      },
      import: async (requests: AsyncIterable<unknown>) => ({ count: (await all(requests)).length }),
      chat: async function* (notes: AsyncIterable<unknown>) {
        yield* notes
      },
    })
    const { grpcUrl, httpUrl } = await serving(service)
    const notes = clientOf(contract.service('notes.v1.Notes'), grpcUrl)
    expect(await notes.write?.({ text: 'hi' })).toMatchObject({ noteId: '7', text: 'hi' })
    expect(await all(notes.follow?.({ noteId: '3' }) as AsyncIterable<unknown>)).toMatchObject([{ noteId: '3' }])
    expect(await notes.import?.(each({ text: 'x' }))).toEqual({ count: 1 })
    expect(await json(`${httpUrl}/v1/notes/12`)).toEqual([200, { noteId: '12', size: '5' }])
  })
})
