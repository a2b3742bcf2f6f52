/** The twin of `decorators.ts`: the same service in plain functions, with every type inferred. */
import { defineMessage, defineService, field, implement, type Middleware, unary } from 'tierkit'
import { authorize } from 'tierkit/middleware'
import { bindings } from 'tierkit/service'
import { createTestClient } from 'tierkit/testing'

const FindBook = defineMessage('library.v1.FindBook', { isbn: field(1, 'string') })
const Book = defineMessage('library.v1.Book', {
  isbn: field(1, 'string'),
  title: field(2, 'string'),
  authors: field(3, 'string', { repeated: true }),
})

const Library = defineService({
  name: 'library.v1.Library',
  methods: {
    findBook: unary(FindBook, Book, { http: [{ method: 'GET', path: '/v1/books/{isbn}' }] }),
    removeBook: unary(FindBook, Book),
  },
})

const logged: Middleware = (next) => (request, context) => {
  console.log('called', context.method.path)
  return next(request, context)
}

const books = new Map([['1', { isbn: '1', title: 'Notes', authors: ['Ada'] }]])
const library = implement(
  Library,
  {
    findBook: ({ isbn }) => books.get(isbn) ?? { isbn, title: 'unknown', authors: [] },
    async removeBook({ isbn }, context) {
      console.log('removed by', context.principal?.subject)
      return { isbn, title: '', authors: [] }
    },
  },
  { use: { findBook: [logged], removeBook: [logged, authorize({ roles: ['librarian'] })] } },
)
console.log(bindings([library]).map(({ method }) => method.path))

const client = await createTestClient(Library, library)
console.log(await client.findBook({ isbn: '1' }))
await client.removeBook({ isbn: '1' }).catch((error: Error) => console.log(error.message))
await client[Symbol.asyncDispose]()
