/** The reasons of a contract for which calls fail: thrown by name, known by name, over gRPC, REST and Connect. */
import { createApp, createClient, RpcError, serve } from 'tierkit'
import { implement, parseProto } from 'tierkit/service'

const contract = parseProto(`
  syntax = "proto3";
  package library.v1;
  import "google/api/annotations.proto";
  import "tierkit/options.proto";

  enum LibraryErrorReason {
    option (tierkit.error_domain) = "library.example.com";
    LIBRARY_ERROR_REASON_UNSPECIFIED = 0;
    BOOK_NOT_FOUND = 1 [(tierkit.error) = { code: NOT_FOUND, message: "no such book" }];
    BOOK_LENT = 2 [(tierkit.error) = { code: FAILED_PRECONDITION, http_status: 423, message: "somebody has it" }];
  }
  service Library {
    rpc Borrow(Book) returns (Book) { option (google.api.http) = { post: "/v1/books/{isbn}:borrow" }; }
  }
  message Book { string isbn = 1; }`)

// Generated code has them as LibraryErrors, with every reason a property that the compiler knows.
const { BOOK_NOT_FOUND, BOOK_LENT } = contract.errors('library.v1.LibraryErrorReason')
const Library = contract.service('library.v1.Library')

const library = implement(Library, {
  borrow({ isbn }) {
    if (isbn === '1') throw BOOK_LENT?.('Ada has it', { metadata: { isbn } })
    throw BOOK_NOT_FOUND?.()
  },
})
const app = createApp({ name: 'library', services: [library], servers: [serve({ host: '127.0.0.1' })] })
const [server] = (await app.start()).servers

const client = createClient(Library, { target: `grpc://127.0.0.1:${server?.port}` })
for (const isbn of ['1', '2']) {
  const thrown: unknown = await client.borrow?.({ isbn }).then(undefined, (error: unknown) => error)
  if (BOOK_LENT?.is(thrown)) console.log('gRPC: lent:', thrown.metadata.isbn)
  if (BOOK_NOT_FOUND?.is(thrown)) console.log('gRPC:', RpcError.from(thrown).message)
}

const url = `http://127.0.0.1:${server?.port}`
const rest = await fetch(`${url}/v1/books/1:borrow`, { method: 'POST' })
console.log('REST:', rest.status, await rest.text())

const headers = { 'content-type': 'application/json', 'connect-protocol-version': '1' }
const connect = await fetch(`${url}/library.v1.Library/Borrow`, { method: 'POST', headers, body: '{"isbn":"2"}' })
console.log('Connect:', connect.status, ((await connect.json()) as { code: string }).code)

await client[Symbol.asyncDispose]()
await app.stop()
