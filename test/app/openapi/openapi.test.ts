import { Registry } from 'prom-client'
import { type App, type AppOptions, createApp, grpc, http, serve } from 'tierkit/app'
import { implement, parseProto } from 'tierkit/service'
import { httpServer } from 'tierkit/transport/http'
import { afterEach, describe, expect, it } from 'vitest'
import { silent } from '../fake-parts.js'

const contract = parseProto(`syntax = "proto3"; package notes.v1;
import "google/api/annotations.proto";
message Note { string note_id = 1; }
service Notes { rpc GetNote(Note) returns (Note) { option (google.api.http) = { get: "/v1/notes/{note_id}" }; } }`)
const notes = implement(contract.service('notes.v1.Notes'), { getNote: (note: object) => note })

let app: App | undefined
afterEach(() => app?.stop())

async function ask(change: Partial<AppOptions> = {}): Promise<{ status: number; json: unknown }> {
  app = createApp({
    name: 'notes',
    version: '1.2.3',
    services: [notes],
    servers: [http({ host: '127.0.0.1' })],
    middleware: [],
    metrics: new Registry(),
    logger: silent,
    ...change,
  })
  const { admin } = await app.start()
  const response = await fetch(`${admin?.url}/openapi.json`, { headers: { connection: 'close' } })
  return { status: response.status, json: await response.json() }
}

describe('/openapi.json of the admin server', () => {
  it('describes what the app serves, under its name and version', async () => {
    expect(await ask()).toMatchObject({
      status: 200,
      json: {
        openapi: '3.1.0',
        info: { title: 'notes', version: '1.2.3' },
        paths: { '/v1/notes/{noteId}': { get: { operationId: 'Notes_GetNote' } } },
      },
    })
  })

  it('says what it is told', async () => {
    const openApi = { title: 'Notes', servers: ['https://notes.example.com'], errorBody: 'kratos' } as const
    expect(await ask({ openApi })).toMatchObject({
      json: {
        info: { title: 'Notes', version: '1.2.3' },
        servers: [{ url: 'https://notes.example.com' }],
        components: { schemas: { Error: { properties: { reason: { type: 'string' } } } } },
      },
    })
  })

  it('is not there when it is off, or nothing is served', async () => {
    expect((await ask({ openApi: false })).status).toBe(404)
    await app?.stop()
    expect((await ask({ services: [], servers: [] })).status).toBe(404)
  })

  const httpRules = [{ selector: 'notes.v1.Notes.GetNote', get: '/api/notes/{note_id}' }]
  const told = { errorBody: 'kratos', httpRules, successStatus: { 'notes.v1.Notes.GetNote': 203 } } as const

  it.each([
    ['http()', () => http({ host: '127.0.0.1', ...told })],
    ['serve()', () => serve({ host: '127.0.0.1', http: told })],
    ['httpServer()', () => httpServer({ host: '127.0.0.1', ...told })],
  ])('says what %s was told of errors, rules and statuses, and it answers so', async (_, server) => {
    const { json } = await ask({ servers: [grpc({ host: '127.0.0.1' }), server()] })
    const document = json as { servers: { url: string }[]; paths: object; components: object }
    const base = document.servers[0]?.url ?? ''
    const [found, missing] = await Promise.all(['/api/notes/7', '/nothing'].map((path) => fetch(base + path)))

    expect(Object.keys(document.paths)).toEqual(['/api/notes/{noteId}'])
    expect(document.paths).toHaveProperty(['/api/notes/{noteId}', 'get', 'responses', '203'])
    expect(document.components).toMatchObject({
      schemas: { Error: { required: ['code', 'reason', 'message', 'metadata'] } },
    })
    expect(found?.status).toBe(203)
    expect(Object.keys((await missing?.json()) as object).sort()).toEqual(['code', 'message', 'metadata', 'reason'])
  })

  it('lets openApi say otherwise', async () => {
    const { json } = await ask({
      servers: [http({ host: '127.0.0.1', ...told })],
      openApi: { httpRules: [], errorBody: 'aip193', servers: [] },
    })
    expect(json).toMatchObject({
      servers: [],
      paths: { '/v1/notes/{noteId}': {} },
      components: { schemas: { Error: { required: ['error'] } } },
    })
  })

  it('claims nothing of what functions of the server write, unless it is told', async () => {
    const errorBody = () => ({ json: {} })
    const envelope = { success: () => ({}) }
    const servers = () => [http({ host: '127.0.0.1', errorBody, envelope })]
    const untold = expect.objectContaining({ description: expect.stringContaining('openApi') })
    const content = ['content', 'application/json', 'schema']
    const success = ['paths', '/v1/notes/{noteId}', 'get', 'responses', '200', ...content]
    const failure = ['components', 'responses', 'Error', ...content]
    const untoldOf = (await ask({ servers: servers() })).json
    expect(untoldOf).toHaveProperty(success, untold)
    expect(untoldOf).toHaveProperty(failure, untold)
    await app?.stop()

    const within = (data: object) => ({ type: 'object', properties: { data } })
    const openApi = { errorBody: { schema: { type: 'string' } }, envelope: { success: within, error: within } }
    const { json } = await ask({ servers: servers(), openApi })
    expect(json).toHaveProperty(success, within({ $ref: '#/components/schemas/notes.v1.Note' }))
    expect(json).toHaveProperty(failure, within({ type: 'string' }))
  })

  it('is of the first HTTP server, and the log says where others differ', async () => {
    const warnings: string[] = []
    const logger = { ...silent, warn: (text: unknown) => void warnings.push(String(text)) }
    const servers = [http({ host: '127.0.0.1', errorBody: 'rfc9457' }), http({ host: '127.0.0.1', httpRules })]
    const { json } = await ask({ servers, logger })
    expect(Object.keys((json as { paths: object }).paths)).toEqual(['/v1/notes/{noteId}'])
    expect(warnings).toEqual(['openapi: the HTTP servers differ in httpRules, errorBody: the document is of the first'])
  })

  it('is not there where no HTTP is served, unless it is asked for', async () => {
    const servers = () => [grpc({ host: '127.0.0.1' })]
    expect((await ask({ servers: servers() })).status).toBe(404)
    await app?.stop()
    expect((await ask({ servers: servers(), openApi: { title: 'Behind a gateway' } })).status).toBe(200)
  })
})
