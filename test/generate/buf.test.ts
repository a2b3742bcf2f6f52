import { join } from 'node:path'
import { generateCode } from 'tierkit/generate'
import { describe, expect, it } from 'vitest'
import { folderWith } from './fixtures.js'

const money = 'syntax = "proto3"; package shop.v1; message Money { int64 units = 1; }'
const order = 'syntax = "proto3"; package shop.v1; import "shop/v1/money.proto"; message Order { Money total = 1; }'

function pathsOf(...files: string[]): string[] {
  return generateCode({ files }).map(({ path }) => path)
}

describe('buf.yaml', () => {
  it('of v2 says what imports are relative to, and which files there are', () => {
    const folder = folderWith({
      'buf.yaml': [
        '# Modules of the workspace.',
        'version: v2',
        'modules:',
        '  - path: api # ours',
        '    name: "buf.build/acme/api"',
        '    excludes:',
        '      - api/internal',
        '  - path: vendor',
        'lint:',
        '  use: [STANDARD, COMMENTS]',
        '  ignore_only:',
        '    ENUM_ZERO_VALUE_SUFFIX:',
        '    - api/x.proto',
      ].join('\n'),
      'api/shop/v1/order.proto': order,
      'api/internal/secret.proto': 'message Secret {}',
      'vendor/shop/v1/money.proto': money,
      'elsewhere/other.proto': 'message Other {}',
    })
    expect(pathsOf(folder)).toEqual(['shop/v1/money_pb.ts', 'shop/v1/order_pb.ts'])
    expect(pathsOf(join(folder, 'api/shop'))).toEqual(['shop/v1/money_pb.ts', 'shop/v1/order_pb.ts'])
    expect(pathsOf(join(folder, 'vendor/shop/v1/money.proto'))).toEqual(['shop/v1/money_pb.ts'])
  })

  it('of v1 makes its folder one that imports are relative to', () => {
    const folder = folderWith({
      'proto/buf.yaml': 'version: v1\nbuild:\n  excludes: [tmp]\n',
      'proto/shop/v1/order.proto': order,
      'proto/shop/v1/money.proto': money,
      'proto/tmp/x.proto': 'message X {}',
    })
    expect(pathsOf(folder, join(folder, 'proto'))).toContain('shop/v1/order_pb.ts')
    expect(pathsOf(join(folder, 'proto/shop'))).toEqual(['shop/v1/money_pb.ts', 'shop/v1/order_pb.ts'])
    expect(pathsOf(join(folder, 'proto'))).not.toContain('tmp/x_pb.ts')
  })

  it('of v1 is part of the workspace of a buf.work.yaml above that names it', () => {
    const folder = folderWith({
      'buf.work.yaml': 'version: v1\ndirectories:\n- a\n- b\n',
      'a/buf.yaml': 'version: v1\n',
      'a/shop/v1/order.proto': order,
      'b/shop/v1/money.proto': money,
    })
    expect(pathsOf(join(folder, 'a'))).toEqual(['shop/v1/money_pb.ts', 'shop/v1/order_pb.ts'])
    expect(pathsOf(folder)).toEqual(['shop/v1/money_pb.ts', 'shop/v1/order_pb.ts'])
  })

  it('explains an import that may be of a dependency', () => {
    const folder = folderWith({
      'buf.yaml': 'version: v2\ndeps:\n  - buf.build/acme/types\n',
      'a.proto': 'import "acme/types.proto";',
    })
    expect(() => pathsOf(folder)).toThrow(
      /a\.proto:1:8: import of acme\/types\.proto, which is not in .*; it may be of buf\.build\/acme\/types, .*"buf export buf\.build\/acme\/types --output DIR" .* -I DIR/,
    )
  })

  it.each([
    ['version: v3', 'its version is "v3", not one of v1beta1, v1, v2'],
    ['version: v2\nmodules: &all\n', 'line 2: "&all" is YAML that is not read here'],
    ['version: v2\n\tmodules:', 'line 2: tabs cannot indent'],
    ['version: v2\nmodules\n', 'line 2: "modules" is no "key: value"'],
    ['version: v2\n    name: x\n  deps: y', 'is not indented like what is around it'],
  ])('that cannot be understood is refused: %j', (text, problem) => {
    const folder = folderWith({ 'buf.yaml': text, 'a.proto': 'message A {}' })
    expect(() => pathsOf(folder)).toThrow(problem)
    expect(() => pathsOf(folder)).toThrow(join(folder, 'buf.yaml'))
  })
})
