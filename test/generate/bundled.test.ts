import { describe, expect, it } from 'vitest'
import { bundledFiles } from '../../src/codec/protobuf/bundled/bundled-files.js'
import { generate, generateCode } from '../../src/generate/generate.js'
import { parseProto } from '../../src/service/proto.js'
import { problemsIn } from './compile.js'
import { folderWith } from './fixtures.js'

const names = Object.keys(bundledFiles)
const wanted = {
  'google/protobuf': 'any api descriptor duration empty field_mask source_context struct timestamp type wrappers',
  'google/api': 'annotations client field_behavior field_info http httpbody launch_stage resource routing visibility',
  'google/rpc': 'code error_details http status context/attribute_context context/audit_context',
  'google/type':
    'calendar_period color date datetime dayofweek decimal expr fraction interval latlng localized_text money month ' +
    'phone_number postal_address quaternion timeofday',
  'buf/validate': 'validate',
}

describe('bundled files', () => {
  it.each(Object.entries(wanted))('are all of %s that contracts import', (folder, files) => {
    expect(names).toEqual(expect.arrayContaining(files.split(' ').map((file) => `${folder}/${file}.proto`)))
  })

  it('can be imported alone and together, in any order', () => {
    const importing =
      (...files: string[]) =>
      () =>
        parseProto(files.map((name) => `import "${name}";`).join('\n'))
    for (const name of names) expect(importing(name), name).not.toThrow()
    expect(importing(...names)).not.toThrow()
    expect(importing(...names.toReversed())).not.toThrow()
  })

  it('give code that compiles where contracts refer to them', { timeout: 120_000 }, () => {
    const { messages } = parseProto(names.map((name) => `import "${name}";`).join('\n'))
    const fields = messages.map((name, index) => `.${name} f${index} = ${index + 1};`)
    const all = `syntax = "proto3";\n${names.map((name) => `import "${name}";`).join('\n')}\nmessage All { ${fields.join('\n')} }`
    const folder = folderWith({ 'all.proto': all, 'package.json': '{ "type": "module" }' })
    const paths = generate({ files: [folder], out: folder, importExtension: '.ts' })
    expect(paths.map((path) => path.slice(folder.length + 1))).toEqual(
      expect.arrayContaining(['google/type/money_pb.ts', 'google/api/client_pb.ts', 'buf/validate/validate_pb.ts']),
    )
    expect(problemsIn(paths)).toEqual([])
  })

  it('write what others write: numbers and names', () => {
    const contract = parseProto(
      'syntax = "proto3"; import "google/type/datetime.proto"; import "google/type/phone_number.proto"; import "google/api/launch_stage.proto"; message A { google.api.LaunchStage stage = 1; }',
    )
    const time = contract.codec('google.type.DateTime')
    expect(
      Buffer.from(time.encode({ year: 2026, timeOffset: { case: 'timeZone', value: { id: 'UTC' } } })).toString('hex'),
    ).toBe('08ea0f' + '4a05' + '0a03555443')
    expect(contract.codec('google.type.PhoneNumber').toJson({ kind: { case: 'e164Number', value: '+1' } })).toEqual({
      e164Number: '+1',
    })
    expect(contract.codec('A').toJson({ stage: 4 })).toEqual({ stage: 'GA' })
  })

  it('bring no code of well-known types: tierkit/codec has them', () => {
    const source =
      'syntax = "proto3"; import "google/protobuf/timestamp.proto"; message A { google.protobuf.Timestamp at = 1; }'
    expect(generateCode({ files: [folderWith({ 'a.proto': source })] }).map(({ path }) => path)).toEqual(['a_pb.ts'])
  })
})
