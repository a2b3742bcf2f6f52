/**
 * What the conformance harness of protovalidate starts, once for each suite: reads a `TestConformanceRequest` from standard
 * input, validates its messages, and writes a `TestConformanceResponse`.
 */
import { readFileSync, writeSync } from 'node:fs'
import { defineMessage, field, oneof } from 'tierkit'
import type { Any } from 'tierkit/codec'
import { violationsDetail } from '../../../../src/codec/detail/violations.js'
import { messageValidator } from '../../../../src/codec/validate/validator.js'
import { readDescriptorSet } from '../../../../src/service/proto/read-descriptors.js'
import { type Contract, contractOf } from '../../../../src/service/proto.js'

// Messages that are read and written elsewhere are bytes here.
const Request = defineMessage('buf.validate.conformance.harness.TestConformanceRequest', {
  fdset: field(2, 'bytes'),
  cases: field(3, { map: ['string', 'google.protobuf.Any'] }),
})
const Result = defineMessage('buf.validate.conformance.harness.TestResult', {
  result: oneof({
    success: field(1, 'bool'),
    validationError: field(2, 'bytes'),
    compilationError: field(3, 'string'),
    runtimeError: field(4, 'string'),
  }),
})
const Response = defineMessage('buf.validate.conformance.harness.TestConformanceResponse', {
  results: field(1, { map: ['string', Result] }),
})
type Outcome = NonNullable<ReturnType<typeof Result.decode>['result']>

const { fdset, cases } = Request.decode(readFileSync(0))
const contract = contractOf(readDescriptorSet(fdset, 'the descriptors'))
const results = Object.entries(cases).map(([name, one]) => [name, { result: outcomeOf(contract, one) }] as const)
const response = Response.encode({ results: Object.fromEntries(results) })
for (let at = 0; at < response.length; ) at += writeSync(1, response, at)

function outcomeOf(known: Contract, { typeUrl, value }: Any): Outcome {
  const { schema, decode } = bound(known, typeUrl.slice(typeUrl.lastIndexOf('/') + 1))
  const validator = attempt(() => schema && messageValidator(schema))
  if ('problem' in validator) return { case: 'compilationError', value: validator.problem }
  const found = attempt(() => validator.value?.(decode(value), { now: () => Date.now() }))
  if ('problem' in found) return { case: 'runtimeError', value: found.problem }
  if (!found.value) return { case: 'success', value: true }
  return { case: 'validationError', value: violationsDetail(found.value).value }
}

function bound(known: Contract, name: string) {
  const codec = known.codec(name)
  return { schema: codec.schema, decode: (bytes: Uint8Array) => codec.decode(bytes) }
}

function attempt<T>(run: () => T): { readonly value: T } | { readonly problem: string } {
  try {
    return { value: run() }
  } catch (error) {
    return { problem: String(error) }
  }
}
