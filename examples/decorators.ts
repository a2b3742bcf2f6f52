/** A service as a class with decorators: contract in code, middleware on a method, and the contract from the class itself. */
import { type Context, field, type Middleware, message, rpc, service, use } from 'tierkit'
import { authorize } from 'tierkit/middleware'
import { bindings, toService } from 'tierkit/service'
import { createTestClient } from 'tierkit/testing'

@message('library.v1.FindBook')
class FindBook {
  @field(1, 'string') isbn = ''
}

@message('library.v1.Book')
class Book {
  @field(1, 'string') isbn = ''
  @field(2, 'string') title = ''
  @field(3, 'string', { repeated: true }) authors: string[] = []
}

const logged: Middleware = (next) => (request, context) => {
  console.log('called', context.method.path)
  return next(request, context)
}

@service('library.v1.Library')
@use(logged)
class Library {
  readonly #books = new Map([['1', { isbn: '1', title: 'Notes', authors: ['Ada'] }]])

  @rpc({ request: FindBook, response: Book, http: [{ method: 'GET', path: '/v1/books/{isbn}' }] })
  findBook({ isbn }: FindBook): Book {
    return this.#books.get(isbn) ?? { isbn, title: 'unknown', authors: [] }
  }

  @rpc({ request: FindBook, response: Book })
  @use(authorize({ roles: ['librarian'] }))
  async removeBook({ isbn }: FindBook, context: Context): Promise<Book> {
    console.log('removed by', context.principal?.subject)
    return { isbn, title: '', authors: [] }
  }
}

const library = toService(new Library())
console.log(bindings([library]).map(({ method }) => method.path))

const client = await createTestClient(library.definition, library)
console.log(await client.findBook?.({ isbn: '1' }))
await Promise.resolve(client.removeBook?.({ isbn: '1' })).catch((error: Error) => console.log(error.message))
await client[Symbol.asyncDispose]()
