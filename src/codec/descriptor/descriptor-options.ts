import type { Kept } from './kept.js'

/** Options of a file. */
export interface FileOptions extends Kept {
  readonly javaPackage?: string | undefined
  readonly javaOuterClassname?: string | undefined
  readonly javaMultipleFiles?: boolean | undefined
  readonly javaGenerateEqualsAndHash?: boolean | undefined
  readonly javaStringCheckUtf8?: boolean | undefined
  readonly optimizeFor?: number | undefined
  readonly goPackage?: string | undefined
  readonly ccGenericServices?: boolean | undefined
  readonly javaGenericServices?: boolean | undefined
  readonly pyGenericServices?: boolean | undefined
  readonly deprecated?: boolean | undefined
  readonly ccEnableArenas?: boolean | undefined
  readonly objcClassPrefix?: string | undefined
  readonly csharpNamespace?: string | undefined
  readonly swiftPrefix?: string | undefined
  readonly phpClassPrefix?: string | undefined
  readonly phpNamespace?: string | undefined
  readonly phpMetadataNamespace?: string | undefined
  readonly rubyPackage?: string | undefined
  readonly features?: FeatureSet | undefined
  readonly uninterpretedOption: readonly UninterpretedOption[]
}

/** Options of a message. */
export interface MessageOptions extends Kept {
  readonly messageSetWireFormat?: boolean | undefined
  readonly noStandardDescriptorAccessor?: boolean | undefined
  readonly deprecated?: boolean | undefined
  /** The message is the entry of a map field: key is 1, value 2. */
  readonly mapEntry?: boolean | undefined
  readonly deprecatedLegacyJsonFieldConflicts?: boolean | undefined
  readonly features?: FeatureSet | undefined
  readonly uninterpretedOption: readonly UninterpretedOption[]
}

/** Options of a field or an extension. */
export interface FieldOptions extends Kept {
  readonly ctype?: number | undefined
  readonly packed?: boolean | undefined
  /** 0 normal, 1 string, 2 number. */
  readonly jstype?: number | undefined
  readonly lazy?: boolean | undefined
  readonly unverifiedLazy?: boolean | undefined
  readonly deprecated?: boolean | undefined
  readonly weak?: boolean | undefined
  readonly debugRedact?: boolean | undefined
  readonly retention?: number | undefined
  readonly targets: readonly number[]
  readonly editionDefaults: readonly EditionDefault[]
  readonly features?: FeatureSet | undefined
  readonly featureSupport?: FeatureSupport | undefined
  readonly uninterpretedOption: readonly UninterpretedOption[]
}

/** Options of a oneof. */
export interface OneofOptions extends Kept {
  readonly features?: FeatureSet | undefined
  readonly uninterpretedOption: readonly UninterpretedOption[]
}

/** Options of an enum. */
export interface EnumOptions extends Kept {
  readonly allowAlias?: boolean | undefined
  readonly deprecated?: boolean | undefined
  readonly deprecatedLegacyJsonFieldConflicts?: boolean | undefined
  readonly features?: FeatureSet | undefined
  readonly uninterpretedOption: readonly UninterpretedOption[]
}

/** Options of a value of an enum. */
export interface EnumValueOptions extends Kept {
  readonly deprecated?: boolean | undefined
  readonly features?: FeatureSet | undefined
  readonly debugRedact?: boolean | undefined
  readonly featureSupport?: FeatureSupport | undefined
  readonly uninterpretedOption: readonly UninterpretedOption[]
}

/** Options of a service. */
export interface ServiceOptions extends Kept {
  readonly features?: FeatureSet | undefined
  readonly deprecated?: boolean | undefined
  readonly uninterpretedOption: readonly UninterpretedOption[]
}

/** Options of a method. */
export interface MethodOptions extends Kept {
  readonly deprecated?: boolean | undefined
  /** 0 unknown, 1 without side effects, 2 idempotent. */
  readonly idempotencyLevel?: number | undefined
  readonly features?: FeatureSet | undefined
  readonly uninterpretedOption: readonly UninterpretedOption[]
}

/** Options of a range of extensions. */
export interface ExtensionRangeOptions extends Kept {
  readonly uninterpretedOption: readonly UninterpretedOption[]
  readonly declaration: readonly ExtensionDeclaration[]
  readonly features?: FeatureSet | undefined
  readonly verification?: number | undefined
}

/** What an extension of a range must be. */
export interface ExtensionDeclaration extends Kept {
  readonly number?: number | undefined
  readonly fullName?: string | undefined
  readonly type?: string | undefined
  readonly repeated?: boolean | undefined
}

/** The default of a feature from an edition on. */
export interface EditionDefault extends Kept {
  readonly edition?: number | undefined
  readonly value?: string | undefined
}

/** Which editions have a feature. */
export interface FeatureSupport extends Kept {
  readonly editionIntroduced?: number | undefined
  readonly editionDeprecated?: number | undefined
  readonly deprecationWarning?: string | undefined
  readonly editionRemoved?: number | undefined
  readonly removalError?: string | undefined
}

/** An option that the compiler did not understand. */
export interface UninterpretedOption extends Kept {
  readonly name: readonly NamePart[]
  readonly identifierValue?: string | undefined
  readonly positiveIntValue?: bigint | undefined
  readonly negativeIntValue?: bigint | undefined
  readonly doubleValue?: number | undefined
  readonly stringValue?: Uint8Array | undefined
  readonly aggregateValue?: string | undefined
}

/** A part of the name of an option. */
export interface NamePart extends Kept {
  readonly namePart: string
  readonly isExtension: boolean
}

/** Features of editions. */
export interface FeatureSet extends Kept {
  /** 1 explicit, 2 implicit, 3 legacy required. */
  readonly fieldPresence?: number | undefined
  /** 1 open, 2 closed. */
  readonly enumType?: number | undefined
  /** 1 packed, 2 expanded. */
  readonly repeatedFieldEncoding?: number | undefined
  /** 2 verify, 3 none. */
  readonly utf8Validation?: number | undefined
  /** 1 length-prefixed, 2 delimited. */
  readonly messageEncoding?: number | undefined
  /** 1 allow, 2 legacy best effort. */
  readonly jsonFormat?: number | undefined
  /** 1 of 2024, 2 legacy. */
  readonly enforceNamingStyle?: number | undefined
  readonly defaultSymbolVisibility?: number | undefined
  readonly enforceProtoLimits?: number | undefined
}
