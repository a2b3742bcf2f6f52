import type { EnumSyntax, FieldSyntax, FileSyntax, MessageSyntax, ScopeSyntax } from '../proto-syntax/syntax.js'
import { enumFindings } from './check-enum.js'
import { fieldFindings } from './check-field.js'
import { nameFindings } from './check-names.js'
import { numberFindings } from './check-numbers.js'
import { propertyFindings } from './check-properties.js'
import type { Finding } from './finding.js'
import { isSet } from './set-option.js'

/** What is wrong with a file that can be told without others. */
export function checkSyntax(file: FileSyntax): Finding[] {
  const imported = file.imports.filter(({ text }, index) => file.imports.findIndex((it) => it.text === text) < index)
  const findings = [
    ...imported.map(({ text, at }) => ({ at, text: `import of ${text} for the second time` })),
    ...nameFindings(file),
    ...scopeFindings(file, file),
    ...extendedEnums(file),
  ]
  return findings.sort((a, b) => a.at - b.at)
}

function scopeFindings(scope: ScopeSyntax, file: FileSyntax): Finding[] {
  return [
    ...scope.messages.flatMap((message) => messageFindings(message, file)),
    ...scope.enums.flatMap((type: EnumSyntax) => enumFindings(type, file)),
    ...scope.extends.flatMap(({ fields }) => fields.flatMap((field) => extensionFindings(field, file))),
  ]
}

function messageFindings(message: MessageSyntax, file: FileSyntax): Finding[] {
  const { name, fields, oneofs, extensions, options } = message
  const all = [...fields, ...oneofs.flatMap((oneof) => oneof.fields)]
  const [range] = extensions
  return [
    ...(isSet(options, 'message_set_wire_format')
      ? [{ at: name.at, text: `message ${name.text} has message_set_wire_format, which is not supported` }]
      : []),
    ...(range && file.edition === 'proto3'
      ? [{ at: range.first.at, text: 'proto3 has no ranges of extensions: only options are extended' }]
      : []),
    ...oneofs
      .filter((oneof) => oneof.fields.length === 0)
      .map((oneof) => ({ at: oneof.name.at, text: `oneof ${oneof.name.text} has no fields` })),
    ...all.flatMap((field) => fieldFindings(field, file)),
    ...numberFindings(message, all),
    ...propertyFindings(message, all, file),
    ...scopeFindings(message, file),
  ]
}

function extensionFindings(field: FieldSyntax, file: FileSyntax): Finding[] {
  const json = field.options.find(({ name: [part] }) => part?.text === 'json_name' && !part.isExtension)
  return [
    ...fieldFindings(field, file),
    ...(field.label?.text === 'required'
      ? [{ at: field.label.at, text: `extension ${field.name.text} cannot be required` }]
      : []),
    ...(json ? [{ at: json.name[0]?.at ?? 0, text: 'an extension cannot have a json_name' }] : []),
  ]
}

/** Extensions of enums of the file, which the parser cannot bear. */
function extendedEnums(file: FileSyntax): Finding[] {
  const scopes = scopesOf(file)
  const names = (of: 'messages' | 'enums'): string[] =>
    scopes.flatMap((scope) => scope[of].map(({ name }) => name.text))
  const [messages, enums] = [names('messages'), names('enums')]
  return scopes
    .flatMap((scope) => scope.extends.map(({ extendee }) => extendee))
    .filter(({ text }) => enums.includes(lastOf(text)) && !messages.includes(lastOf(text)))
    .map(({ at, text }) => ({ at, text: `no such type: ${text}` }))
}

function scopesOf(scope: ScopeSyntax): ScopeSyntax[] {
  return [scope, ...scope.messages.flatMap(scopesOf)]
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
