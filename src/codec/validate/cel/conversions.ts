import { plainText } from './format-text.js'
import type { CelEnvironment } from './library.js'

const LARGEST = 2n ** 63n - 1n

/**
 * Adds the functions of the language that the library lacks: conversions of times and unsigned integers.
 *
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md#list-of-standard-definitions
 */
export function withConversions(environment: CelEnvironment): CelEnvironment {
  const same = (value: unknown): unknown => value
  return environment
    .registerFunction('int(google.protobuf.Timestamp): int', (time: Date) => BigInt(Math.floor(time.getTime() / 1000)))
    .registerFunction('int(uint): int', (value: { valueOf(): bigint }) => signed(value.valueOf()))
    .registerFunction('string(google.protobuf.Timestamp): string', plainText)
    .registerFunction('string(google.protobuf.Duration): string', plainText)
    .registerFunction('timestamp(google.protobuf.Timestamp): google.protobuf.Timestamp', same)
    .registerFunction('duration(google.protobuf.Duration): google.protobuf.Duration', same)
}

function signed(value: bigint): bigint {
  if (value > LARGEST) throw new Error('integer overflow')
  return value
}
