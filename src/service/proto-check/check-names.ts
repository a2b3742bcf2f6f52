import type { FieldSyntax, FileSyntax, MessageSyntax, ScopeSyntax, Word } from '../proto-syntax/syntax.js'
import type { Finding } from './finding.js'

/** What is said of a name that no object can have as a key. */
export const PROTOTYPE_NAME = '__proto__ cannot be a name here: JavaScript has it for the prototypes of objects'

/** A name that something is declared with. */
export interface DeclaredName {
  readonly word: Word
  /** What the name stands in: a package or a declaration, in full. */
  readonly scope: string
  /** Part of the names of types, methods or values, which JavaScript has as keys. */
  readonly isKey: boolean
}

/** Names that stand for two things, or that no object can have. */
export function nameFindings(file: FileSyntax): Finding[] {
  const known = new Set<string>()
  const names = declaredNames(file)
  return [
    ...names.filter(({ word, isKey }) => isKey && word.text === '__proto__').map(({ word }) => prototype(word)),
    ...(file.package?.text.split('.').includes('__proto__') ? [prototype(file.package)] : []),
    ...names.flatMap(({ word, scope }) => {
      const fullName = `${scope}.${word.text}`
      const isKnown = known.has(fullName)
      known.add(fullName)
      const owner = scope.split('.').at(-1)
      const place = scope === (file.package?.text ?? '') ? '' : ` in ${owner}`
      return isKnown ? [{ at: word.at, text: `duplicate name '${word.text}'${place}` }] : []
    }),
    ...entryFindings(file),
  ]
}

function prototype({ at }: Word): Finding {
  return { at, text: PROTOTYPE_NAME }
}

/** The names that a file declares. Values of enums stand beside their enum, as in C++. */
export function declaredNames(file: FileSyntax): DeclaredName[] {
  const scope = file.package?.text ?? ''
  const names = file.services.flatMap(({ name, methods }) => [
    { word: name, scope, isKey: true },
    ...methods.map((method) => ({ word: method.name, scope: below(scope, name), isKey: true })),
  ])
  return [...namesIn(file, scope), ...names].sort((a, b) => a.word.at - b.word.at)
}

function namesIn({ messages, enums, extends: extensions }: ScopeSyntax, scope: string): DeclaredName[] {
  const declared = [
    ...[...messages, ...enums].map(({ name }) => name),
    ...enums.flatMap(({ values }) => values.map(({ name }) => name)),
    ...extensions.flatMap(({ fields }) => fields.map(({ name }) => name)),
  ]
  const own = declared.map((word) => ({ word, scope, isKey: true }))
  return [...own, ...messages.flatMap((message) => namesOf(message, below(scope, message.name)))]
}

function namesOf(message: MessageSyntax, scope: string): DeclaredName[] {
  const { fields, oneofs } = message
  const members = [...fields, ...oneofs, ...oneofs.flatMap((oneof) => oneof.fields)]
  return [...namesIn(message, scope), ...members.map(({ name }) => ({ word: name, scope, isKey: false }))]
}

function below(scope: string, { text }: Word): string {
  return scope === '' ? text : `${scope}.${text}`
}

/** Maps whose entries have the name of a message beside them. */
function entryFindings({ messages }: Pick<ScopeSyntax, 'messages'>): Finding[] {
  return messages.flatMap((message) => {
    const nested = [...message.messages, ...message.enums].map(({ name }) => name.text)
    const taken = message.fields.filter((field) => field.mapKey && nested.includes(entryName(field)))
    return [
      ...taken.map((field) => ({
        at: field.name.at,
        text: `the entries of map ${field.name.text} are called ${entryName(field)}, like a type in ${message.name.text}`,
      })),
      ...entryFindings(message),
    ]
  })
}

/** What compilers call the message that an entry of a map is. */
function entryName({ name }: FieldSyntax): string {
  return `${name.text.replace(/(?:^|_+)(.?)/g, (_, letter: string) => letter.toUpperCase())}Entry`
}
