import { createClient } from '../../client/create-client.js'
import { FileDescriptorProto } from '../../codec/descriptor/file-descriptor.js'
import { isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import type { CallOptions } from '../../endpoint/outgoing.js'
import { Code, codeFrom, type ErrorCode } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { ProtoFiles } from '../../service/proto/proto-files.js'
import { readDescriptors } from '../../service/proto/read-descriptors.js'
import {
  type ReflectionRequest,
  type ReflectionResponse,
  reflectionAlphaContract,
  reflectionContract,
} from '../../service/reflection/reflection-contract.js'
import type { Channel } from '../../transport/transport.js'

type Question = NonNullable<ReflectionRequest['messageRequest']>
type Answer = NonNullable<ReflectionResponse['messageResponse']>

/** How long a server may take to answer, in ms, unless something else was said. */
export const ASK_TIMEOUT_MS = 10_000

/** How many files a contract may have, so that a server cannot keep us busy for ever. */
const MAX_FILES = 10_000

/** Asks a server what it serves: `grpc.reflection.v1`, or `v1alpha` where there is no v1. */
export class ServerReflection {
  readonly #channel: Channel
  readonly #options: CallOptions
  #version: typeof reflectionContract | typeof reflectionAlphaContract = reflectionContract

  constructor(channel: Channel, options: CallOptions) {
    this.#channel = channel
    this.#options = options
  }

  /** Full names of the services. */
  async services(): Promise<string[]> {
    const [answer] = await this.#ask([{ case: 'listServices', value: '' }])
    if (answer?.case !== 'listServicesResponse') throw unexpected(answer)
    return answer.value.service.map(({ name }) => name)
  }

  /** The file that declares a symbol, with all that it imports; `undefined` if the server knows of no such symbol. */
  async filesOf(symbol: string): Promise<ProtoFiles | undefined> {
    const [answer] = await this.#ask([{ case: 'fileContainingSymbol', value: symbol }])
    if (answer?.case === 'errorResponse' && answer.value.errorCode === Code.NOT_FOUND) return undefined
    const [first, ...more] = filesIn(answer)
    const files = new Map([first, ...more].flatMap((file) => (file ? [[file.name ?? '', file]] : [])))
    await this.#addMissing(files)
    return readDescriptors([...files.values()], { path: 'what the server says', requested: [first?.name ?? ''] })
  }

  /** Asks for imported files that did not come along. */
  async #addMissing(files: Map<string, FileDescriptorProto>): Promise<void> {
    for (;;) {
      const imported = new Set([...files.values()].flatMap(({ dependency }) => dependency))
      const missing = [...imported].filter((name) => !files.has(name) && !isBundled(name))
      if (missing.length === 0) return
      if (files.size > MAX_FILES)
        throw new RpcError(Code.RESOURCE_EXHAUSTED, `the contract has over ${MAX_FILES} files`)
      const answers = await this.#ask(missing.map((value) => ({ case: 'fileByFilename', value })))
      for (const file of answers.flatMap(filesIn)) files.set(file.name ?? '', file)
      const still = missing.filter((name) => !files.has(name))
      if (still.length > 0) throw new RpcError(Code.INTERNAL, `the server did not send ${still.join(', ')}`)
    }
  }

  async #ask(questions: readonly Question[]): Promise<Answer[]> {
    try {
      return await this.#askOnce(questions)
    } catch (error) {
      if (RpcError.from(error).code !== Code.UNIMPLEMENTED) throw error
      if (this.#version === reflectionAlphaContract) throw reflectionIsOff(error)
      this.#version = reflectionAlphaContract
      return this.#ask(questions)
    }
  }

  async #askOnce(questions: readonly Question[]): Promise<Answer[]> {
    const client = createClient(this.#version, { channel: this.#channel, middleware: [] })
    async function* requests(): AsyncGenerator<ReflectionRequest> {
      for (const messageRequest of questions) yield { host: '', messageRequest }
    }
    const answers: Answer[] = []
    for await (const { messageResponse } of client.serverReflectionInfo(requests(), this.#options))
      if (messageResponse) answers.push(messageResponse)
    return answers
  }
}

function filesIn(answer: Answer | undefined): FileDescriptorProto[] {
  if (answer?.case !== 'fileDescriptorResponse') throw unexpected(answer)
  return answer.value.fileDescriptorProto.map((bytes) => FileDescriptorProto.decode(bytes))
}

function unexpected(answer: Answer | undefined): RpcError {
  if (answer?.case !== 'errorResponse') return new RpcError(Code.INTERNAL, 'the server answered something else')
  const code = codeFrom(answer.value.errorCode)
  const known: ErrorCode = code === Code.OK ? Code.UNKNOWN : code
  return new RpcError(known, `the server says of its contract: ${answer.value.errorMessage}`)
}

function reflectionIsOff(cause: unknown): RpcError {
  return new RpcError(
    Code.UNIMPLEMENTED,
    'the server does not tell what it serves: turn its reflection on (createApp({ reflection: true })), ' +
      'or name the contract with --proto',
    { cause },
  )
}
