import { posix } from 'node:path'

/** Where the code for a `.proto` file goes: `shop/v1/orders_pb.ts` for `shop/v1/orders.proto`. */
export function outputPath(protoName: string): string {
  return `${stem(protoName)}.ts`
}

/** How the code of one `.proto` file imports that of another. */
export function importPath(from: string, to: string, extension: string): string {
  const path = posix.relative(posix.dirname(from), stem(to))
  return `${path.startsWith('.') ? path : `./${path}`}${extension}`
}

function stem(protoName: string): string {
  return `${protoName.replace(/\.proto$/, '')}_pb`
}
