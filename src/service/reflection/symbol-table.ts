import { type DescriptorProto, FileDescriptorProto } from '../../codec/descriptor/file-descriptor.js'

/** Where declarations of a set of files are. */
export class SymbolTable {
  readonly #files = new Map<string, FileDescriptorProto>()
  readonly #bytes = new Map<string, Uint8Array>()
  /** Names of files by the full names of what they declare. */
  readonly #symbols = new Map<string, string>()
  readonly #messages = new Set<string>()
  /** Names of files by the message that is extended, and the number. */
  readonly #extensions = new Map<string, Map<number, string>>()

  constructor(files: readonly FileDescriptorProto[]) {
    for (const file of files) {
      this.#files.set(file.name ?? '', file)
      this.#addFile(file)
    }
  }

  hasFile(name: string): boolean {
    return this.#files.has(name)
  }

  /** The file that declares a service, method, message, field, oneof, enum, value of an enum or extension. */
  fileOf(symbol: string): string | undefined {
    return this.#symbols.get(symbol)
  }

  /** The file that declares an extension of a message. */
  fileOfExtension(message: string, no: number): string | undefined {
    return this.#extensions.get(message)?.get(no)
  }

  /** The numbers of all extensions of a message, ascending; `undefined` if there is no such message. */
  extensionNumbers(message: string): number[] | undefined {
    if (!this.#messages.has(message)) return undefined
    return [...(this.#extensions.get(message)?.keys() ?? [])].sort((a, b) => a - b)
  }

  /** A file and all that it imports, at any depth; those in `sent` are left out, but not the file itself. */
  closure(name: string, sent: Set<string>): Uint8Array[] {
    const names = new Set([name])
    for (const each of names) {
      const { dependency = [], optionDependency = [] } = this.#files.get(each) ?? {}
      for (const needed of [...dependency, ...optionDependency]) names.add(needed)
    }
    const news = [...names].filter((each) => each === name || !sent.has(each))
    for (const each of news) sent.add(each)
    return news.flatMap((each) => this.#bytesOf(each) ?? [])
  }

  #bytesOf(name: string): Uint8Array | undefined {
    const file = this.#files.get(name)
    const bytes = this.#bytes.get(name) ?? (file && FileDescriptorProto.encode(file))
    if (bytes) this.#bytes.set(name, bytes)
    return bytes
  }

  #addFile(file: FileDescriptorProto): void {
    const prefix = file.package ? `${file.package}.` : ''
    const name = file.name ?? ''
    for (const message of file.messageType) this.#addMessage(message, prefix, name)
    for (const { name: service = '', method } of file.service) {
      this.#symbols.set(prefix + service, name)
      for (const one of method) this.#symbols.set(`${prefix}${service}.${one.name}`, name)
    }
    this.#addShared(file, prefix, name)
  }

  #addMessage(message: DescriptorProto, prefix: string, file: string): void {
    const fullName = prefix + message.name
    this.#symbols.set(fullName, file)
    this.#messages.add(fullName)
    for (const { name } of [...message.field, ...message.oneofDecl]) this.#symbols.set(`${fullName}.${name}`, file)
    for (const nested of message.nestedType) this.#addMessage(nested, `${fullName}.`, file)
    this.#addShared(message, `${fullName}.`, file)
  }

  /** What may stand in a file and in a message. */
  #addShared({ enumType, extension }: Pick<DescriptorProto, 'enumType' | 'extension'>, prefix: string, file: string) {
    for (const { name, value } of enumType) {
      this.#symbols.set(prefix + name, file)
      // A value stands beside its enum. Some look for it inside.
      for (const one of value) {
        this.#symbols.set(prefix + one.name, file)
        this.#symbols.set(`${prefix}${name}.${one.name}`, file)
      }
    }
    for (const { name, number = 0, extendee = '' } of extension) {
      this.#symbols.set(prefix + name, file)
      const extended = extendee.replace(/^\./, '')
      const known = this.#extensions.get(extended) ?? new Map<number, string>()
      this.#extensions.set(extended, known.set(number, file))
    }
  }
}
