import type { MessageCodec } from '../../codec/message-codec.js'
import { definitionOf } from '../../service/decorator/definition-of.js'
import type { Service, ServiceDefinition } from '../../service/definition.js'
import { codecOf } from '../../service/message/codec-of.js'
import { isMessageClass } from '../../service/message/message-class.js'
import { isCodec, type MessageSource } from '../../service/message/message-type.js'
import { throwProblems } from '../../service/problem.js'
import { definitionFiles } from '../../service/proto-schema/definition-files.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import { conflicts } from './conflicts.js'

/**
 * Something that has a contract: a service, its definition, a class with `@service` or an instance of one, a message (a codec or
 * a class with `@message`), or a whole file.
 */
export type ContractSource = ServiceDefinition | Service | MessageSource | ContractFile | object

/** What values say of contracts, by file; others are passed over. Throws a `TypeError` if one says what cannot be. */
export function contractFiles(sources: readonly unknown[]): ContractFile[] {
  const services = new Map<string, ServiceDefinition>()
  const messages: MessageCodec[] = []
  const whole: ContractFile[] = []
  for (const source of sources) {
    const definition = definitionOf(source)
    if (definition) services.set(definition.name, definition)
    else if (isMessage(source)) messages.push(codecOf(source))
    else if (isFile(source)) whole.push(source)
  }
  throwProblems('the contract is not one', conflicts([...services.values()], messages))
  const given = new Set(whole.map(({ name }) => name))
  const made = definitionFiles([...services.values()], messages).filter(({ name }) => !given.has(name))
  return [...made, ...whole]
}

/** True of whatever `contractFiles` reads something from. */
export function isContractSource(value: unknown): boolean {
  return isMessage(value) || isFile(value) || definitionOf(value) !== undefined
}

function isMessage(value: unknown): value is MessageSource {
  return isMessageClass(value) || (isCodec(value) && typeof value === 'object')
}

function isFile(value: unknown): value is ContractFile {
  const { name, edition, messages, services } = (value ?? {}) as Partial<ContractFile>
  return typeof name === 'string' && typeof edition === 'string' && Array.isArray(messages) && Array.isArray(services)
}
