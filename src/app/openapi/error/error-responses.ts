import type { OpenApiResponse, OpenApiSchema } from '../document-types.js'
import type { ContractFile } from '../kernel.js'
import type { OpenApiOptions } from '../openapi-options.js'
import type { Schemas } from '../schema/schemas.js'
import { sorted } from '../schema/texts.js'
import { type ErrorLook, errorLook, statusSchema } from './error-schema.js'
import { errorsOf, type KnownError, knownErrors } from './known-errors.js'

/** How calls fail, package by package. */
export class ErrorResponses {
  readonly #look: ErrorLook
  readonly #schemas: Schemas
  readonly #errors: ReadonlyMap<string, readonly KnownError[]>
  readonly #serving: ReadonlySet<string>
  readonly #responses = new Map<string, OpenApiResponse>()

  /** Throws a `TypeError` for a shape of errors that is not known. */
  constructor(files: readonly ContractFile[], schemas: Schemas, options: OpenApiOptions) {
    const { errorBody = 'status', envelope, onWarning } = options
    const look =
      typeof errorBody === 'string'
        ? errorLook(errorBody, schemas, isTaken('Error', files) ? 'Error_' : 'Error')
        : { contentType: 'application/json', ...withoutUndefined(errorBody) }
    this.#look = { ...look, schema: envelope?.error?.(look.schema) ?? look.schema }
    this.#schemas = schemas
    this.#errors = knownErrors(files, onWarning ?? (() => {}))
    this.#serving = new Set(files.filter(({ services }) => services.length > 0).map((file) => file.package))
  }

  /** What a stream of lines ends with that fails. */
  inStream(): OpenApiSchema {
    return statusSchema(this.#schemas)
  }

  /** A reference to how the methods of a package fail. */
  of(pkg: string): { readonly $ref: string } {
    const errors = errorsOf(pkg, this.#errors, this.#serving)
    const name = errors.length === 0 || pkg === '' ? 'Error' : `${pkg}.Error`
    if (!this.#responses.has(name)) this.#responses.set(name, this.#response(errors))
    return { $ref: `#/components/responses/${name}` }
  }

  /** All of them, by name. */
  sorted(): Record<string, OpenApiResponse> {
    return sorted(this.#responses)
  }

  #response(errors: readonly KnownError[]): OpenApiResponse {
    const { schema, contentType } = this.#look
    const lines = errors.map(
      ({ status, code, reason, description }) =>
        `- ${status} \`${code}\`, \`${reason}\`${description ? `: ${description.replace(/\s*\n\s*/g, ' ')}` : ''}`,
    )
    return {
      description: lines.length > 0 ? `The call failed. Reasons:\n\n${lines.join('\n')}` : 'The call failed.',
      content: { [contentType]: { schema } },
      ...(errors.length > 0 && { 'x-tierkit-errors': errors }),
    }
  }
}

function withoutUndefined({ schema, contentType }: { schema: OpenApiSchema; contentType?: string | undefined }) {
  return { schema, ...(contentType !== undefined && { contentType }) }
}

/** True if the contract has a type of that name, which then has no package. */
function isTaken(name: string, files: readonly ContractFile[]): boolean {
  return files.some(({ messages, enums }) => [...messages, ...enums].some((type) => type.fullName === name))
}
