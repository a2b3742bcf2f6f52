import { field, message, rpc, service } from 'tierkit'

@message('library.v1.FindBook')
class FindBook {
  @field(1, 'string', { options: { '(buf.validate.field)': { string: { min_len: 10 } } } }) isbn = ''
}

@message('library.v1.Book', { reserved: [2, 'title'], comment: 'A book.' })
class Book {
  @field(1, 'string') isbn = ''
  @field(3, 'string', { repeated: true }) authors: string[] = []
}

/** A service that needs something to be made, which its contract does not. */
@service('library.v1.Library', { comment: 'Lends books.' })
export class Library {
  readonly #books: ReadonlyMap<string, Book>

  constructor(books: ReadonlyMap<string, Book>) {
    this.#books = new Map(books)
  }

  @rpc({
    request: FindBook,
    response: Book,
    comment: 'Finds a book.',
    http: { method: 'GET', path: '/v1/books/{isbn}' },
  })
  findBook({ isbn }: FindBook): Book {
    return this.#books.get(isbn) ?? { isbn, authors: [] }
  }
}
