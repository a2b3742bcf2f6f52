import { Code } from '../../error/code.js'
import type { ReflectionRequest, ReflectionResponse } from './reflection-contract.js'
import type { SymbolTable } from './symbol-table.js'

/** What a server can be asked about. */
export interface Reflected {
  /** Full names of the services, sorted. */
  readonly services: readonly string[]
  readonly index: SymbolTable
}

type Answer = NonNullable<ReflectionResponse['messageResponse']>

/** Answers a request. What cannot be answered is an `ErrorResponse`; `sent` are the files that the stream has had. */
export function answer(request: ReflectionRequest, reflected: Reflected, sent: Set<string>): ReflectionResponse {
  return {
    validHost: request.host,
    originalRequest: request,
    messageResponse: answerOf(request.messageRequest, reflected, sent),
  }
}

function answerOf(
  asked: ReflectionRequest['messageRequest'],
  { services, index }: Reflected,
  sent: Set<string>,
): Answer {
  const file = (name: string | undefined, what: string): Answer => {
    if (name === undefined || !index.hasFile(name)) return notFound(what)
    return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: index.closure(name, sent) } }
  }
  switch (asked?.case) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: services.map((name) => ({ name })) } }
    case 'fileByFilename':
      return file(asked.value, `there is no file ${JSON.stringify(asked.value)}`)
    case 'fileContainingSymbol':
      return file(index.fileOf(plain(asked.value)), `there is no symbol ${JSON.stringify(asked.value)}`)
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = asked.value
      const found = index.fileOfExtension(plain(containingType), extensionNumber)
      return file(found, `${JSON.stringify(containingType)} has no extension ${extensionNumber}`)
    }
    case 'allExtensionNumbersOfType': {
      const extensionNumber = index.extensionNumbers(plain(asked.value))
      if (!extensionNumber) return notFound(`there is no message ${JSON.stringify(asked.value)}`)
      return { case: 'allExtensionNumbersResponse', value: { baseTypeName: asked.value, extensionNumber } }
    }
    default:
      return failure(Code.INVALID_ARGUMENT, 'the request asks for nothing that is known')
  }
}

/** A name without the dot that full names may begin with. */
function plain(name: string): string {
  return name.replace(/^\./, '')
}

function notFound(errorMessage: string): Answer {
  return failure(Code.NOT_FOUND, errorMessage)
}

function failure(errorCode: number, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } }
}
