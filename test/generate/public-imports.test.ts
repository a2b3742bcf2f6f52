import { join } from 'node:path'
import { generate } from 'tierkit/generate'
import { describe, expect, it } from 'vitest'
import { problemsIn } from './compile.js'
import { folderWith } from './fixtures.js'

const files = {
  'package.json': '{ "type": "module" }',
  'api.proto': `syntax = "proto3"; package api.v1;
import public "shared.proto";
import public "google/protobuf/timestamp.proto";
message Order { shared.v1.Money total = 1; Size size = 2; google.protobuf.Timestamp at = 3; }
enum Size { SIZE_NONE = 0; }
`,
  'shared.proto': `syntax = "proto3"; package shared.v1;
import public "deep.proto";
message Money { int64 units = 1; Currency currency = 2; message Part { string text = 1; } }
message Order { string other = 1; }
`,
  'deep.proto':
    'syntax = "proto3"; package shared.v1; enum Currency { CURRENCY_NONE = 0; } enum Size { SIZE_ANY = 0; }',
  'user.proto':
    'syntax = "proto3"; package user.v1; import "api.proto"; message User { repeated shared.v1.Money money = 1; }',
}

describe('the code of a file that imports others publicly', () => {
  it('exports what they export, but for names of its own', async () => {
    const out = folderWith(files)
    const paths = generate({ files: [out], out, importExtension: '.ts' })
    const api = (await import(join(out, 'api_pb.ts'))) as Record<string, unknown>
    const shared = (await import(join(out, 'shared_pb.ts'))) as Record<string, unknown>
    const deep = (await import(join(out, 'deep_pb.ts'))) as Record<string, unknown>
    expect(Object.keys(api).sort()).toEqual(['Currency', 'Money', 'Money_Part', 'Order', 'Size', 'file_api'])
    expect(api.Money).toBe(shared.Money)
    expect(api.Currency).toBe(deep.Currency)
    expect(api.Order).not.toBe(shared.Order)
    expect(api.Size).toEqual({ NONE: 0 })
    expect(problemsIn(paths)).toEqual([])
  })

  it('is how files get what they see through it', async () => {
    const out = folderWith(files)
    generate({ files: [out], out, importExtension: '.ts' })
    const user = (await import(join(out, 'user_pb.ts'))) as Record<
      string,
      { source: { imports: { source: object }[] } }
    >
    expect(user.file_user?.source.imports.map(({ source }) => source)).toMatchObject([{ name: 'api.proto' }])
  })
})
