import { Context } from 'tierkit/endpoint'
import { bindings, implement, parseProto } from 'tierkit/service'
import { type HttpServerOptions, httpChannel, httpServer } from 'tierkit/transport/http'
import { onTestFinished } from 'vitest'

/** A contract with every kind of rule. */
export const contract = parseProto(`
  syntax = "proto3";
  package lib.v1;
  import "google/api/annotations.proto";
  import "google/api/httpbody.proto";
  import "google/protobuf/field_mask.proto";
  import "google/protobuf/timestamp.proto";
  enum Genre { GENRE_UNSPECIFIED = 0; NOVEL = 1; POEM = 2; }
  message Author { string first = 1; string last = 2; int64 born = 3; }
  message Book {
    string name = 1; string title = 2; Genre genre = 3; Author author = 4; repeated string tags = 5;
    map<string, int32> ratings = 6; int64 pages = 7; optional bool lent = 8; google.protobuf.Timestamp bought = 9;
    oneof place { string room = 10; int32 box = 11; } bytes cover = 12; repeated Author editors = 13; double price = 14;
  }
  message UpdateBook { Book book = 1; google.protobuf.FieldMask update_mask = 2; bool dry_run = 3; }
  message Page { string name = 1; int32 number = 2; google.api.HttpBody content = 3; }
  message Empty {}
  service Library {
    rpc Create(Book) returns (Book) { option (google.api.http) = { post: "/v1/books" body: "*" }; }
    rpc Get(Book) returns (Book) { option (google.api.http) = {
      get: "/v1/{name=shelves/*/books/*}"
      additional_bindings { get: "/v1/titles/{title}" }
      additional_bindings { get: "/v1/authors/{author.last}/books/{author.born}" response_body: "author" }
    }; }
    rpc Move(Book) returns (Book) { option (google.api.http) = { post: "/v1/{name=shelves/*}/{title}:move" body: "author" }; }
    rpc Update(UpdateBook) returns (UpdateBook) { option (google.api.http) = {
      patch: "/v1/{book.name=shelves/*/books/*}" body: "book"
      additional_bindings { put: "/v1/{book.name=shelves/*/books/*}" body: "book" }
    }; }
    rpc Drop(Book) returns (Empty) { option (google.api.http) = { delete: "/v1/drop/{name=**}" }; }
    rpc Tags(Book) returns (Book) { option (google.api.http) = { get: "/v1/tags" response_body: "tags" }; }
    rpc Any(Book) returns (Book) { option (google.api.http) = { custom { kind: "*" path: "/v1/any/{title}" } }; }
    rpc Lock(Book) returns (Book) { option (google.api.http) = { custom { kind: "LOCK" path: "/v1/lock/{title}" } }; }
    rpc Print(google.api.HttpBody) returns (google.api.HttpBody) { option (google.api.http) = { post: "/v1/print" body: "*" }; }
    rpc PutPage(Page) returns (Page) { option (google.api.http) = {
      put: "/v1/pages/{name}" body: "content" response_body: "content"
    }; }
    rpc Download(Page) returns (stream google.api.HttpBody) { option (google.api.http) = { get: "/v1/download/{name}" }; }
    rpc Upload(stream google.api.HttpBody) returns (Book) { option (google.api.http) = { post: "/v1/upload" body: "*" }; }
    rpc List(Book) returns (stream Book) { option (google.api.http) = { get: "/v1/list/{title}" }; }
    rpc Gather(stream Book) returns (Book) { option (google.api.http) = { post: "/v1/gather" body: "*" }; }
  }
`)

// biome-ignore lint/suspicious/noExplicitAny: messages of a contract that is read at run time
type Message = any
type Handler = (request: Message, context: Context) => unknown

export const Library = contract.service('lib.v1.Library')

const echo: Handler = (request) => request

/** Every method answers with its request, unless a test says otherwise. */
const handlers: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(Object.keys(Library.methods).map((name) => [name, echo])),
  drop: () => ({}),
  async *list(request: Message) {
    yield request
    yield request
  },
  async *download({ name }: Message) {
    yield { contentType: 'text/csv', data: Buffer.from(`${name};`) }
    yield { data: Buffer.from('1;') }
    yield { data: Buffer.from('2') }
  },
  async upload(chunks: AsyncIterable<Message>) {
    const all: { contentType: string; data: Uint8Array }[] = []
    for await (const chunk of chunks) all.push(chunk)
    const text = Buffer.concat(all.map(({ data }) => data)).toString()
    return { title: text, name: all.map(({ contentType }) => contentType).join('|') }
  },
  async gather(books: AsyncIterable<Message>) {
    const titles: string[] = []
    for await (const { title } of books) titles.push(title)
    return { tags: titles }
  },
}

/** A server of the library for the length of a test. */
export async function library(options: HttpServerOptions = {}, own: Readonly<Record<string, Handler>> = {}) {
  const server = httpServer({ host: '127.0.0.1', ...options })
  const { url, port } = await server.listen(bindings([implement(Library, { ...handlers, ...own } as never)]))
  onTestFinished(() => server.close())
  return { url, port, ask: (line: string, init?: Asking) => ask(url, line, init) }
}

export interface Asking {
  readonly body?: string | Uint8Array | undefined
  readonly type?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What came back. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
  readonly text: string
  /** The body as JSON, `undefined` if it is none. */
  readonly json: Message
}

/** Asks by a line, `GET /v1/tags`. A body is JSON unless a type is named. */
export async function ask(url: string, line: string, { body, type, headers = {} }: Asking = {}): Promise<Reply> {
  const [method = '', path = ''] = line.split(' ')
  const own: Record<string, string> = body === undefined ? {} : { 'content-type': type ?? 'application/json' }
  const init: RequestInit = { method, headers: { ...own, ...headers }, redirect: 'manual' }
  if (body !== undefined) init.body = typeof body === 'string' ? body : new Uint8Array(body)
  const response = await fetch(url + path, init)
  const bytes = Buffer.from(await response.arrayBuffer())
  const text = bytes.toString('utf8')
  return { status: response.status, headers: response.headers, bytes, text, json: parsed(text) }
}

/** Calls a method through a channel of the typed client. */
export async function callThrough(url: string, name: string, request: unknown, options = {}): Promise<Message> {
  const channel = httpChannel(url, options)
  const method = Library.methods[name]
  if (!method) throw new Error(`no method ${name}`)
  try {
    const response = await channel.endpoint(method)(request, new Context({ method, side: 'client' }))
    if (!method.kind.startsWith('server')) return response
    const all: unknown[] = []
    for await (const one of response as AsyncIterable<unknown>) all.push(one)
    return all
  } finally {
    await channel.close()
  }
}

function parsed(text: string): Message {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
