import { Edition } from '../codec/descriptor/field-type.js'
import { readPluginRequest } from '../codec/descriptor/read/plugin-request.js'
import type { MessageCodec } from '../codec/message-codec.js'
import { bundledCodec, isBundled } from '../codec/protobuf/bundled/bundled-root.js'
import { readDescriptors } from '../service/proto/read-descriptors.js'
import { codeOf, type GeneratedFile, type ImportExtension } from './generate.js'
import { outputPath } from './typescript/output-path.js'

/** What a plugin answers: `google.protobuf.compiler.CodeGeneratorResponse`. */
interface PluginResponse {
  readonly error?: string | undefined
  readonly supportedFeatures: bigint
  readonly minimumEdition: number
  readonly maximumEdition: number
  readonly file: readonly { readonly name: string; readonly content: string }[]
}

const responseCodec: MessageCodec<PluginResponse> = bundledCodec('google.protobuf.compiler.CodeGeneratorResponse')

/** `optional` in proto3, and editions. */
const SUPPORTED_FEATURES = 1n | 2n

const EXTENSIONS: Readonly<Record<string, ImportExtension>> = { '.js': '.js', '.ts': '.ts', none: '' }

/**
 * Answers a request of protoc or buf for code: `CodeGeneratorRequest` and `CodeGeneratorResponse` in binary form. What is
 * wrong with contracts or parameters is told in the response, as plugins are to do.
 *
 * The one parameter is `import_extension`: `.js` by default, `.ts`, or `none`.
 */
export function runPlugin(request: Uint8Array): Uint8Array {
  try {
    return respond({ file: filesOf(request).map(({ path, text }) => ({ name: path, content: text })) })
  } catch (error) {
    return respond({ file: [], error: error instanceof Error ? error.message : String(error) })
  }
}

function filesOf(request: Uint8Array): GeneratedFile[] {
  const { fileToGenerate, parameter, protoFile } = readPluginRequest(request)
  const { importExtension } = readParameter(parameter)
  const files = readDescriptors(protoFile, {
    path: 'CodeGeneratorRequest',
    requested: fileToGenerate.filter((name) => !isBundled(name) || fileToGenerate.length === 1),
  })
  // Code for other files comes from whoever asks for them; nobody asks for those that are only bundled here.
  const others = protoFile.filter(({ name = '' }) => !isBundled(name) && !fileToGenerate.includes(name))
  const paths = new Set(others.map(({ name = '' }) => outputPath(name)))
  return codeOf(files, importExtension).filter(({ path }) => !paths.has(path))
}

function readParameter(parameter: string): { readonly importExtension: ImportExtension } {
  let importExtension: ImportExtension = '.js'
  for (const part of parameter.split(',').filter((text) => text.trim() !== '')) {
    const [name = '', value = ''] = part.trim().split('=')
    if (name !== 'import_extension')
      throw new TypeError(`there is no parameter ${JSON.stringify(name)}: there is import_extension`)
    const extension = Object.hasOwn(EXTENSIONS, value) ? EXTENSIONS[value] : undefined
    if (extension === undefined)
      throw new TypeError(`import_extension is ${Object.keys(EXTENSIONS).join(', ')}, not ${JSON.stringify(value)}`)
    importExtension = extension
  }
  return { importExtension }
}

function respond(response: Pick<PluginResponse, 'file' | 'error'>): Uint8Array {
  return responseCodec.encode({
    ...response,
    supportedFeatures: SUPPORTED_FEATURES,
    minimumEdition: Edition.proto2,
    maximumEdition: Edition['2024'],
  })
}
