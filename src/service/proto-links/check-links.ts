import type { Finding } from '../proto-check/finding.js'
import type {
  EnumSyntax,
  ExtendSyntax,
  FieldSyntax,
  MessageSyntax,
  OptionSyntax,
  ScopeSyntax,
  ServiceSyntax,
  Word,
} from '../proto-syntax/syntax.js'
import { extendFindings } from './check-extend.js'
import { fieldTypeFindings } from './check-field-type.js'
import { isMessage, join } from './declarations.js'
import { type LinkedFile, type Links, visibleFiles } from './linked-file.js'
import { OptionCheck } from './option-check.js'
import { TypeNames } from './type-names.js'

/** What is wrong with a file that others have to do with: types and options that there are not. */
export function checkLinks(file: LinkedFile, links: Links): Finding[] {
  return new LinkCheck(file, links).findings()
}

class LinkCheck {
  readonly #file: LinkedFile
  readonly #links: Links
  readonly #types: TypeNames
  readonly #optionCheck: OptionCheck

  constructor(file: LinkedFile, links: Links) {
    const visible = visibleFiles(file, links)
    this.#file = file
    this.#links = links
    this.#types = new TypeNames(links.declarations, visible)
    this.#optionCheck = new OptionCheck(links.declarations, visible, file.syntax.edition)
  }

  findings(): Finding[] {
    const { syntax } = this.#file
    const scope = syntax.package?.text ?? ''
    const findings = [
      ...this.#options('File', syntax.options, scope),
      ...this.#scope(syntax, scope),
      ...syntax.services.flatMap((service) => this.#service(service, join(scope, service.name.text))),
    ]
    return findings.sort((a, b) => a.at - b.at)
  }

  #options(kind: string, options: readonly OptionSyntax[], scope: string): Finding[] {
    return this.#optionCheck.check(options, { kind, scope })
  }

  #scope({ messages, enums, extends: extensions }: ScopeSyntax, scope: string): Finding[] {
    return [
      ...messages.flatMap((message) => this.#message(message, join(scope, message.name.text))),
      ...enums.flatMap((type) => this.#enum(type, join(scope, type.name.text))),
      ...extensions.flatMap((extend) => this.#extend(extend, scope)),
    ]
  }

  #message(message: MessageSyntax, scope: string): Finding[] {
    const ranges = message.extensions.filter(({ options }, index, all) => all[index - 1]?.options !== options)
    return [
      ...this.#options('Message', message.options, scope),
      ...ranges.flatMap(({ options }) => this.#options('ExtensionRange', options, scope)),
      ...message.fields.flatMap((field) => this.#field(field, scope)),
      ...message.oneofs.flatMap(({ options, fields }) => [
        ...this.#options('Oneof', options, scope),
        ...fields.flatMap((field) => this.#field(field, scope)),
      ]),
      ...this.#scope(message, scope),
    ]
  }

  #field(field: FieldSyntax, scope: string): Finding[] {
    // What is no option of the kind that others are.
    const options = field.options.filter(
      ({ name: [part] }) => part?.isExtension || !/^(default|json_name)$/.test(part?.text ?? ''),
    )
    return [
      ...fieldTypeFindings(field, { scope, types: this.#types, file: this.#file, links: this.#links }),
      ...this.#options('Field', options, scope),
    ]
  }

  #enum({ options, values }: EnumSyntax, scope: string): Finding[] {
    return [
      ...this.#options('Enum', options, scope),
      ...values.flatMap((value) => this.#options('EnumValue', value.options, scope)),
    ]
  }

  #extend(extend: ExtendSyntax, scope: string): Finding[] {
    const extendee = this.#types.find(extend.extendee, scope, isMessage)
    const own =
      typeof extendee === 'string'
        ? [{ at: extend.extendee.at, text: extendee }]
        : extendFindings(extend, extendee, this.#file)
    return [...own, ...extend.fields.flatMap((field) => this.#field(field, scope))]
  }

  #service({ options, methods }: ServiceSyntax, scope: string): Finding[] {
    const messageOf = (type: Word): Finding[] => {
      const found = this.#types.find(type, scope, isMessage)
      return typeof found === 'string' ? [{ at: type.at, text: found.replace('no such type', 'no such message') }] : []
    }
    return [
      ...this.#options('Service', options, scope),
      ...methods.flatMap((method) => [
        ...messageOf(method.request),
        ...messageOf(method.response),
        ...this.#options('Method', method.options, scope),
      ]),
    ]
  }
}
