import type { Declaration, MessageReference, TypeFile } from '../../codec/schema/schema.js'
import type { MethodFacts } from '../proto/method-facts.js'

/** What a `.proto` file says, as plain objects, or what was defined in code for one package. */
export interface ContractFile extends TypeFile {
  readonly services: readonly ServiceSchema[]
}

/** What a `.proto` file says, for those who write code from it. */
export interface FileSchema extends ContractFile {
  /** Its types by name, in the form that `protoFile` takes. */
  readonly types: Readonly<Record<string, object>>
}

/** A service. */
export interface ServiceSchema extends Declaration {
  readonly fullName: string
  readonly name: string
  /** The file that declares it. */
  readonly file: string
  readonly methods: readonly MethodSchema[]
}

/** A method of a service. */
export interface MethodSchema extends Declaration, MethodFacts {
  readonly request: MessageReference
  readonly response: MessageReference
}
