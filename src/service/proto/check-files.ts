import protobuf, { type Method, type Root } from 'protobufjs'
import { enumSchema } from '../../codec/schema/describe-type.js'
import type { Finding } from '../proto-check/finding.js'
import { checkLinks } from '../proto-links/check-links.js'
import { Declarations, isEnum, join } from '../proto-links/declarations.js'
import type { LinkedFile, Links } from '../proto-links/linked-file.js'
import { errorReasons } from '../proto-schema/error-reasons.js'
import { positionAt } from '../proto-source/locate.js'
import type { EnumSyntax, ScopeSyntax, ServiceSyntax } from '../proto-syntax/syntax.js'
import { httpRules } from './http-rules.js'
import type { ProtoProblem } from './proto-error.js'
import type { ProtoFile } from './proto-files.js'

/** A file that was read, for its check. */
export type CheckedFile = ProtoFile & LinkedFile

/** What is wrong with files that could be read each: types and options that do not exist, rules that make no sense. */
export function checkFiles(root: Root, files: ReadonlyMap<string, CheckedFile>): ProtoProblem[] {
  const links: Links = { declarations: new Declarations(root), files }
  const problems = [...files.values()].flatMap((file) => problemsOf(file, checkLinks(file, links)))
  if (problems.length > 0) return problems
  return [...files.values()].flatMap((file) => problemsOf(file, meaningFindings(file, links.declarations)))
}

function problemsOf({ path, source }: ProtoFile, findings: readonly Finding[]): ProtoProblem[] {
  return findings.map(({ at, text }) => ({ file: path, ...positionAt(source, at), text }))
}

/** What tierkit would have options say, and they do not. */
function meaningFindings({ syntax }: LinkedFile, declarations: Declarations): Finding[] {
  const scope = syntax.package?.text ?? ''
  return [
    ...reasonFindings(syntax, scope, declarations),
    ...syntax.services.flatMap((service) => ruleFindings(service, declarations.get(join(scope, service.name.text)))),
  ]
}

function reasonFindings({ enums, messages }: ScopeSyntax, scope: string, declarations: Declarations): Finding[] {
  return [
    ...enums.flatMap((type) => reasonsOf(type, declarations.get(join(scope, type.name.text)))),
    ...messages.flatMap((message) => reasonFindings(message, join(scope, message.name.text), declarations)),
  ]
}

function reasonsOf(syntax: EnumSyntax, type: object | undefined): Finding[] {
  if (!(type instanceof protobuf.Enum) || !isEnum(type)) return []
  const wrong = failureOf(() => errorReasons(enumSchema(type)))
  if (wrong === undefined) return []
  const [named] = /\w+/.exec(wrong) ?? []
  const { at } = (syntax.values.find(({ name }) => name.text === named) ?? syntax).name
  return [{ at, text: wrong }]
}

function ruleFindings({ methods }: ServiceSyntax, service: object | undefined): Finding[] {
  if (!(service instanceof protobuf.Service)) return []
  return methods.flatMap(({ name }) => {
    const method = service.methodsArray.find((one: Method) => one.name === name.text)
    const wrong = failureOf(() => httpRules(method?.parsedOptions ?? []))
    return wrong === undefined ? [] : [{ at: name.at, text: wrong }]
  })
}

function failureOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
