import { healthContract, parseProto, type ServiceDefinition } from 'tierkit/service'
import { expect, it } from 'vitest'
import { reflectionAlphaContract, reflectionContract } from '../../src/service/reflection/reflection-contract.js'

const FILES = ['health/v1/health', 'reflection/v1/reflection', 'reflection/v1alpha/reflection']

/** What of a service is on the wire. */
function wire(definition: ServiceDefinition) {
  const methods = Object.entries(definition.methods).map(([key, { name, path, kind, request, response }]) => {
    const messages = [request, response].map(({ typeName, fields = [] }) => [
      typeName,
      fields.map(({ name }) => name).sort(),
    ])
    return [key, name, path, kind, messages]
  })
  return methods.sort()
}

it.each([healthContract, reflectionContract, reflectionAlphaContract])(
  'the file of $name is there to be imported, and says what is served',
  (served) => {
    const imports = FILES.map((file) => `import "grpc/${file}.proto";`).join('\n')
    const contract = parseProto(`syntax = "proto3"; package a; ${imports} message M {}`)
    expect(wire(contract.service(served.name))).toEqual(wire(served))
  },
)
