import type { ContractFile, MethodSchema, ServiceSchema } from '../../service/proto-schema/proto-schema.js'
import { type RulesBySelector, readOverrides } from '../../transport/http/rule/rules-of.js'
import type { OpenApiDocument, OpenApiOperation, OpenApiPathItem, SecurityRequirement } from './document-types.js'
import { ErrorResponses } from './error/error-responses.js'
import { type Binding, bindingsOf, HTTP_METHODS } from './http/bindings-of.js'
import { fieldNaming } from './http/find-field.js'
import { operationOf } from './http/operation.js'
import { pathOf } from './http/path-of.js'
import type { OpenApiOptions } from './openapi-options.js'
import { Schemas } from './schema/schemas.js'
import { byName, describe, sorted } from './schema/texts.js'
import { checkSecurity } from './security.js'

/**
 * Describes the services of files as an OpenAPI 3.1 document. The same files give the same document, whatever order they are in.
 *
 * Throws an `Error` that names the method whose HTTP rule makes no sense.
 */
export function documentOf(files: readonly ContractFile[], options: OpenApiOptions = {}): OpenApiDocument {
  return new DocumentBuilder(files, options).build()
}

/** The option of a method in its contract that names its HTTP status of success. */
const STATUS_OPTION = '(tierkit.http_status)'

/** Operations of a path, and how it is written. */
interface PathEntry {
  readonly path: string
  readonly operations: Map<string, OpenApiOperation>
}

class DocumentBuilder {
  readonly #options: OpenApiOptions
  readonly #services: readonly ServiceSchema[]
  readonly #warn: (text: string) => void
  readonly #schemas: Schemas
  readonly #errors: ErrorResponses
  readonly #overrides: RulesBySelector
  readonly #paths = new Map<string, PathEntry>()

  constructor(files: readonly ContractFile[], options: OpenApiOptions) {
    const { onWarning = () => {}, httpRules = [], security } = options
    if (security) checkSecurity(security)
    this.#options = options
    this.#warn = onWarning
    this.#services = files.flatMap(({ services }) => services).sort((a, b) => byName(a.fullName, b.fullName))
    this.#schemas = new Schemas(onWarning)
    this.#errors = new ErrorResponses(files, this.#schemas, options)
    this.#overrides = readOverrides(httpRules, [])
  }

  build(): OpenApiDocument {
    const { title = packageOf(this.#services[0]), version = '0.0.0', description, servers, security } = this.#options
    for (const service of this.#services) for (const method of service.methods) this.#addMethod(service, method)
    this.#checkOpen()
    const required = security && (security.require ?? Object.keys(security.schemes).map(alone))
    const responses = this.#errors.sorted()
    return {
      openapi: '3.1.0',
      info: { title: title || 'API', version, ...describe(description) },
      ...(servers && { servers: servers.map((server) => (typeof server === 'string' ? { url: server } : server)) }),
      ...(required && { security: required }),
      tags: this.#services.map(({ fullName, comment }) => ({ name: fullName, ...describe(comment) })),
      paths: sorted([...this.#paths.values()].map(({ path, operations }) => [path, inOrder(operations)] as const)),
      components: {
        schemas: this.#schemas.sorted(),
        ...(Object.keys(responses).length > 0 && { responses }),
        ...(security && { securitySchemes: sorted(Object.entries(security.schemes)) }),
      },
    }
  }

  #addMethod(service: ServiceSchema, method: MethodSchema): void {
    const { methodPaths = 'without-rule' } = this.#options
    const override = this.#overrides.get(`${service.fullName}.${method.name}`)
    for (const binding of bindingsOf(service.fullName, method, { override, methodPaths, onWarning: this.#warn }))
      this.#addBinding(service, method, binding)
  }

  #addBinding(service: ServiceSchema, method: MethodSchema, { rule, suffix }: Binding): void {
    const selector = `${service.fullName}.${method.name}`
    try {
      const written = pathOf(rule.path, fieldNaming(method.request.schema))
      const entry = this.#entryOf(written.key, written.path)
      const verb = rule.method.toLowerCase()
      const other = entry.operations.get(verb)
      if (other) {
        this.#warn(`${selector}: ${rule.method} ${rule.path} is left out: ${other['x-tierkit-method']} has this path`)
        return
      }
      const operation = operationOf(method, rule, {
        service: service.fullName,
        deprecated: service.deprecated,
        operationId: `${this.#shortName(service)}_${method.name}${suffix}`,
        path: renamed(written, entry.path),
        schemas: this.#schemas,
        status: this.#statusOf(selector, method),
        error: this.#errors.of(packageOf(service)),
        envelop: (schema) => this.#options.envelope?.success?.(schema) ?? schema,
        errorInStream: () => this.#errors.inStream(),
        open: this.#isOpen(service.fullName, selector),
      })
      entry.operations.set(verb, operation)
    } catch (thrown) {
      throw new Error(`${selector}: ${rule.method} ${rule.path}: ${(thrown as Error).message}`, { cause: thrown })
    }
  }

  #entryOf(key: string, path: string): PathEntry {
    const entry = this.#paths.get(key) ?? { path, operations: new Map<string, OpenApiOperation>() }
    this.#paths.set(key, entry)
    return entry
  }

  /** The name of a service without its package, if no other has the same. */
  #shortName({ name, fullName }: ServiceSchema): string {
    const alike = this.#services.filter((other) => other.name === name)
    return alike.length > 1 ? fullName.replaceAll('.', '_') : name
  }

  #statusOf(selector: string, { options }: MethodSchema): number {
    const status = this.#options.successStatus?.[selector] ?? options[STATUS_OPTION] ?? 200
    if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 299) return status
    throw new Error(`${JSON.stringify(status)} is not an HTTP status of success`)
  }

  /** A name that is misspelt would leave closed what is to be open. */
  #checkOpen(): void {
    const methods = this.#services.flatMap(({ fullName, methods }) => methods.map(({ name }) => `${fullName}.${name}`))
    const known = new Set([...this.#services.map(({ fullName }) => fullName), ...methods])
    for (const name of this.#options.security?.open ?? [])
      if (!known.has(name)) this.#warn(`security.open: there is no method or service ${name}`)
  }

  #isOpen(service: string, selector: string): boolean {
    const { security } = this.#options
    return security?.open?.some((name) => name === service || name === selector) ?? false
  }
}

function packageOf(service: ServiceSchema | undefined): string {
  return service ? service.fullName.slice(0, -service.name.length - 1) : ''
}

function alone(scheme: string): SecurityRequirement {
  return { [scheme]: [] }
}

function inOrder(operations: ReadonlyMap<string, OpenApiOperation>): OpenApiPathItem {
  const verbs = HTTP_METHODS.map((method) => method.toLowerCase())
  return Object.fromEntries([...operations].sort(([a], [b]) => verbs.indexOf(a) - verbs.indexOf(b)))
}

/** The same path with the names of parameters that a path of the same shape has already. */
function renamed(written: ReturnType<typeof pathOf>, path: string): ReturnType<typeof pathOf> {
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
  return {
    ...written,
    path,
    variables: written.variables.map((variable, index) => ({ ...variable, name: names[index] ?? variable.name })),
  }
}
