import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'tierkit/generate'
import { expect, it } from 'vitest'
import { problemsIn } from './compile.js'
import { folderWith } from './fixtures.js'

const source = `syntax = "proto3"; package shop.v1;
  import "tierkit/options.proto";
  // Why orders fail.
  enum OrderErrorReason {
    option (tierkit.error_domain) = "orders.example.com";
    ORDER_ERROR_REASON_UNSPECIFIED = 0;
    ORDER_NOT_FOUND = 1 [(tierkit.error) = { code: NOT_FOUND, message: "no such order" }];
    ORDER_INVALID = 2 [(tierkit.error) = { code: INVALID_ARGUMENT, http_status: 422 }];
  }
  enum Plain { PLAIN_NONE = 0; }`

it('has the errors whose reasons an enum names', () => {
  const folder = folderWith({ 'shop.proto': source, 'package.json': '{ "type": "module" }' })
  const paths = generate({ files: [folder], out: folder })
  const text = readFileSync(join(folder, 'shop_pb.ts'), 'utf8')
  expect(text).toContain(`
/** Errors with the reasons of \`shop.v1.OrderErrorReason\`. */
export const OrderErrors: ErrorReasons<{
  readonly ORDER_NOT_FOUND: ReasonSpec
  readonly ORDER_INVALID: ReasonSpec
}> = defineErrors({
  domain: 'orders.example.com',
  reasons: {
    ORDER_NOT_FOUND: { code: Code.NOT_FOUND, message: 'no such order' },
    ORDER_INVALID: { code: Code.INVALID_ARGUMENT, httpStatus: 422 },
  },
})
`)
  expect(text).toContain("import { Code, type ErrorReasons, type ReasonSpec, defineErrors } from 'tierkit/error'")
  expect(text.match(/defineErrors\(/g)).toHaveLength(1)
  const use = `import { OrderErrors } from './shop_pb.js'
    export const error: unknown = OrderErrors.ORDER_NOT_FOUND('gone', { metadata: { orderId: '7' } })
    export const reason: 'ORDER_INVALID' = OrderErrors.ORDER_INVALID.reason
    // @ts-expect-error there is no such reason
    OrderErrors.ORDER_LOST()`
  writeFileSync(join(folder, 'use.ts'), use)
  expect(problemsIn([...paths, join(folder, 'use.ts')])).toEqual([])
})
