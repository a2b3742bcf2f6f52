import type { Violation } from '../../codec/detail/bad-request.js'

/**
 * The part of the Standard Schema interface that is used: schemas of zod, valibot, arktype and others have it.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1
    /** Finds out what is wrong with a value. */
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>
  }
}

/** What a schema says of a value: no issues if all is well. */
export type SchemaResult = { readonly issues?: readonly SchemaIssue[] | undefined }

/** One thing that a schema finds wrong. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
}

/** What a schema finds wrong with a value; `undefined` if nothing. */
export async function bySchema(schema: StandardSchema, message: unknown): Promise<readonly Violation[] | undefined> {
  const { issues } = await schema['~standard'].validate(message)
  return issues?.map(({ path = [], message: description }) => ({ field: fieldPath(path), description }))
}

function fieldPath(path: NonNullable<SchemaIssue['path']>): string {
  let field = ''
  for (const step of path) {
    const key = typeof step === 'object' ? step.key : step
    if (typeof key === 'number') field += `[${key}]`
    else field += field === '' ? String(key) : `.${String(key)}`
  }
  return field
}
