/** A name or word of a file, and its offset in the text. */
export interface Word {
  readonly text: string
  readonly at: number
}

/** A number as it is written, and what it is. */
export interface NumberWord extends Word {
  readonly value: number
}

/** A part of the name of an option: `features`, `(acme.v1.note)`. */
export interface OptionName extends Word {
  readonly isExtension: boolean
}

/** What an option, or a field of one, is set to. */
export type OptionLiteral =
  | { readonly kind: 'string' | 'word' | 'integer' | 'float'; readonly text: string; readonly at: number }
  | { readonly kind: 'message'; readonly fields: readonly LiteralField[]; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly OptionLiteral[]; readonly at: number }

/** A field of a message in an option: `min_len: 3`, `[acme.v1.note]: "a"`. */
export interface LiteralField {
  readonly name: OptionName
  readonly value: OptionLiteral
}

/** `(acme.v1.note).text = "a"`. */
export interface OptionSyntax {
  readonly name: readonly OptionName[]
  readonly value: OptionLiteral
}

/** Numbers from the first to the last. */
export interface RangeSyntax {
  readonly first: NumberWord
  readonly last: NumberWord
}

/** A declaration with a name and options. */
interface Declared {
  readonly name: Word
  readonly options: readonly OptionSyntax[]
}

/** A field; of a message, of a oneof or of an extension. */
export interface FieldSyntax extends Declared {
  readonly label?: Word | undefined
  readonly type: Word
  /** Type of the keys of a map; of this, `type` is the one of the values. */
  readonly mapKey?: Word | undefined
  readonly number: NumberWord
  /** What a group declares. */
  readonly group?: MessageSyntax | undefined
}

/** A oneof. */
export interface OneofSyntax extends Declared {
  readonly fields: readonly FieldSyntax[]
}

/** What files, and messages, declare. */
export interface ScopeSyntax {
  readonly messages: readonly MessageSyntax[]
  readonly enums: readonly EnumSyntax[]
  readonly extends: readonly ExtendSyntax[]
}

/** What a message or enum keeps from being used. */
export interface ReservedSyntax {
  readonly reserved: readonly RangeSyntax[]
  readonly reservedNames: readonly Word[]
}

/** A message. */
export interface MessageSyntax extends Declared, ScopeSyntax, ReservedSyntax {
  /** Those outside of oneofs. */
  readonly fields: readonly FieldSyntax[]
  readonly oneofs: readonly OneofSyntax[]
  readonly extensions: readonly (RangeSyntax & { readonly options: readonly OptionSyntax[] })[]
}

/** A value of an enum. */
export interface ValueSyntax extends Declared {
  readonly number: NumberWord
}

/** An enum. */
export interface EnumSyntax extends Declared, ReservedSyntax {
  readonly values: readonly ValueSyntax[]
}

/** Fields that are added to a message. */
export interface ExtendSyntax {
  readonly extendee: Word
  readonly fields: readonly FieldSyntax[]
}

/** A method. */
export interface MethodSyntax extends Declared {
  readonly request: Word
  readonly response: Word
}

/** A service. */
export interface ServiceSyntax extends Declared {
  readonly methods: readonly MethodSyntax[]
}

/** An import; the name is without quotes. */
export interface ImportSyntax extends Word {
  readonly kind?: 'public' | 'weak' | 'option' | undefined
}

/** A file. */
export interface FileSyntax extends ScopeSyntax {
  /** `proto2` where nothing is said. */
  readonly edition: string
  readonly package: Word | undefined
  readonly imports: readonly ImportSyntax[]
  readonly options: readonly OptionSyntax[]
  readonly services: readonly ServiceSyntax[]
  /** Offsets of the angle brackets that messages in options stand between. */
  readonly angles: readonly number[]
}
