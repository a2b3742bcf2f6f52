import { join } from 'node:path'
import type { FieldSchema, OneofSchema } from '../../../src/codec/schema/schema.js'
import { readProtoFiles } from '../../../src/service/proto/read-proto.js'
import { describeFiles } from '../../../src/service/proto-schema/describe-files.js'
import type { ContractFile } from '../../../src/service/proto-schema/proto-schema.js'
import { folderWith } from '../fixtures.js'

/** Writes files to a folder of their own, and reads them as contracts. */
export function readFiles(files: Readonly<Record<string, string>>): ContractFile[] {
  const folder = folderWith(files)
  return describeFiles(
    readProtoFiles(
      Object.keys(files).map((name) => join(folder, name)),
      [folder],
    ),
  )
}

/** Everything that files say, as plain values without the order of types. */
export function said(files: readonly ContractFile[]): unknown {
  const own = files.filter(({ name }) => !/^(google|buf)\//.test(name))
  return sorted(
    own.map(({ name, package: pkg, edition, messages, enums, extensions = [], services }) => ({
      name,
      pkg,
      edition,
      messages: sorted(
        messages.map(({ declaredIn: _, ...message }) => ({ ...message, members: message.members.map(member) })),
      ),
      enums: sorted(enums.map(({ declaredIn: _, ...type }) => type)),
      extensions: sorted(extensions.map(member)),
      services: services.map((service) => ({
        ...service,
        methods: service.methods.map(({ request, response, options, ...method }) => ({
          ...method,
          // The rules themselves are told by the method; these may be written in several ways.
          options: { ...options, '(google.api.http)': undefined },
          request: request.fullName,
          response: response.fullName,
        })),
      })),
    })),
  )
}

function member(one: FieldSchema | OneofSchema): unknown {
  if (one.kind === 'oneof') return { ...one, fields: one.fields.map(member) }
  return { ...one, type: typeof one.type === 'string' ? one.type : one.type.fullName }
}

function sorted<T>(values: readonly T[]): T[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}
