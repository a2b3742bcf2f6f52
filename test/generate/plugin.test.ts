import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { FileDescriptorProto, FileDescriptorSet } from '../../src/codec/descriptor/file-descriptor.js'
import { bundledCodec } from '../../src/codec/protobuf/bundled/bundled-root.js'
import { generateCode } from '../../src/generate/generate.js'
import { runPlugin } from '../../src/generate/plugin.js'

const acme = fileURLToPath(new URL('descriptors/acme.binpb', import.meta.url))
const main = fileURLToPath(new URL('../../src/cli/protoc-gen-tierkit.ts', import.meta.url))

interface Response {
  readonly error?: string
  readonly supportedFeatures?: bigint
  readonly minimumEdition?: number
  readonly maximumEdition?: number
  readonly file: readonly { readonly name: string; readonly content: string }[]
}
const response = bundledCodec<Response>('google.protobuf.compiler.CodeGeneratorResponse')

/** A `CodeGeneratorRequest`, as protoc writes it. */
function request(files: readonly string[], parameter = ''): Uint8Array {
  const writer = protobuf.Writer.create()
  for (const name of files) writer.uint32(10).string(name)
  writer.uint32(18).string(parameter)
  const { file } = FileDescriptorSet.decode(readFileSync(acme))
  for (const one of file) writer.uint32(122).bytes(FileDescriptorProto.encode(one))
  return writer.finish()
}

describe('protoc-gen-tierkit', () => {
  it('answers with the code that the command writes, for the files that are asked for', () => {
    const { file, error } = response.decode(runPlugin(request(['acme/shop.proto'], 'import_extension=.ts')))
    const code = generateCode({ descriptorSet: acme, importExtension: '.ts' })
    expect(error).toBeUndefined()
    expect(file.map(({ name, content }) => ({ path: name, text: content }))).toEqual(
      code.filter(({ path }) => path === 'acme/shop_pb.ts'),
    )
  })

  it('says what it supports: optional in proto3, and proto2 to edition 2024', () => {
    expect(response.decode(runPlugin(request(['acme/shop.proto'])))).toMatchObject({
      supportedFeatures: 3n,
      minimumEdition: 998,
      maximumEdition: 1001,
    })
  })

  it.each([
    ['nope=1', 'there is no parameter "nope": there is import_extension'],
    ['import_extension=js', 'import_extension is .js, .ts, none, not "js"'],
  ])('tells of the wrong parameter %s in its response', (parameter, error) => {
    expect(response.decode(runPlugin(request(['acme/shop.proto'], parameter)))).toMatchObject({ error, file: [] })
  })

  it('tells of a broken request in its response', () => {
    expect(response.decode(runPlugin(Buffer.from([0x7a, 0x05]))).error).toMatch(/./)
  })

  it('runs as a process', { timeout: 30_000 }, () => {
    const args = ['--import', 'tsx', main]
    const { stdout, status } = spawnSync(process.execPath, args, { input: request(['acme/shop.proto']) })
    expect([status, response.decode(stdout).file.map(({ name }) => name)]).toEqual([0, ['acme/shop_pb.ts']])
    expect(spawnSync(process.execPath, args, { input: '' })).toMatchObject({ status: 64 })
  })
})
