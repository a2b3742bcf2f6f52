import { Registry } from 'prom-client'
import { type App, type AppOptions, createApp, http } from 'tierkit/app'
import { implement, parseProto } from 'tierkit/service'
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
})
