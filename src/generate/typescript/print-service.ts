import type { Declaration, Options } from '../../codec/schema/schema.js'
import type { MethodKind } from '../../endpoint/method.js'
import { otherOptions } from '../../service/proto/method-facts.js'
import type { MethodSchema, ServiceSchema } from '../../service/proto-schema/proto-schema.js'
import { docComment } from './doc-comment.js'
import { fileExportName } from './export-names.js'
import type { FileScope } from './file-scope.js'
import { bracketed, literal, propertyKey, quoted } from './text/literal.js'

const SERVICE = 'tierkit/service'

const builders: Readonly<Record<MethodKind, string>> = {
  unary: 'unary',
  client_stream: 'clientStream',
  server_stream: 'serverStream',
  bidi_stream: 'bidiStream',
}

/** A service: its definition, with the types of all methods spelt out. */
export function printService(service: ServiceSchema, scope: FileScope): string {
  const { module } = scope
  const definition = module.type(SERVICE, 'ServiceDefinition')
  const define = module.value(SERVICE, 'defineService')
  const types = service.methods.map((method) => `${docComment(method, '  ')}  ${methodType(method, scope)}\n`)
  const specs = service.methods.map((method) => `    ${methodSpec(method, scope)},\n`)
  const facts = Object.entries(spoken(service, service.options)).map(
    ([name, value]) => `  ${name}: ${literal(value, { indent: '  ', before: `${name}: ` })},\n`,
  )
  const doc = docComment(service) || `/** Service \`${service.fullName}\`. */\n`
  return (
    `${doc}export const ${scope.exported(service.fullName)}: ${definition}<{\n${types.join('')}}> = ${define}({\n` +
    `  name: ${quoted(service.fullName)},\n  file: ${fileExportName(service.file)},\n${facts.join('')}  methods: {\n${specs.join('')}  },\n})\n`
  )
}

function methodType({ localName, kind, request, response }: MethodSchema, scope: FileScope): string {
  const method = scope.module.type('tierkit/endpoint', 'Method')
  const types = [scope.type(request), scope.type(response), `'${kind}'`, scope.init(request), scope.init(response)]
  const before = `readonly ${propertyKey(localName)}: ${method}`
  return before + bracketed('<>', types, { indent: '  ', before })
}

function methodSpec(method: MethodSchema, scope: FileScope): string {
  const { localName, name, kind, idempotency, http } = method
  const options = {
    // The name in code with an upper-case first letter is the default.
    ...(localName.charAt(0).toUpperCase() + localName.slice(1) !== name && { name }),
    ...(idempotency !== 'unknown' && { idempotency }),
    ...(http.length > 0 && { http: http.length === 1 ? http[0] : http }),
    ...spoken(method, otherOptions(method.options)),
  }
  const messages = `${scope.codec(method.request)}, ${scope.codec(method.response)}`
  const call = `${propertyKey(localName)}: ${scope.module.value(SERVICE, builders[kind])}(${messages}`
  return Object.keys(options).length === 0
    ? `${call})`
    : `${call}, ${literal(options, { indent: '    ', before: `${call}, ` })})`
}

/** What a declaration says of itself, as far as it does. */
function spoken({ comment, deprecated }: Declaration, { deprecated: _, ...options }: Options): object {
  return {
    ...(comment !== undefined && { comment }),
    ...(deprecated && { deprecated }),
    ...(Object.keys(options).length > 0 && { options }),
  }
}
