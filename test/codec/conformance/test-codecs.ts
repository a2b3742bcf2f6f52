import protobuf from 'protobufjs'
import { type MessageCodec, messageCodec } from 'tierkit/codec'
import { addBundled } from '../../../src/codec/protobuf/bundled/bundled-root.js'
import { imported, testFiles } from './test-messages.js'

const root = new protobuf.Root()
for (const file of imported) addBundled(root, file)
for (const text of testFiles) protobuf.parse(text, root)
root.resolveAll()

const codecs = new Map<string, MessageCodec>()

/** The codec of one of the messages of the conformance tests; `undefined` if there is none of the name. */
export function testCodec(name: string): MessageCodec<Record<string, unknown>> | undefined {
  const found = codecs.get(name) ?? codecOf(name)
  if (found) codecs.set(name, found)
  return found as MessageCodec<Record<string, unknown>> | undefined
}

function codecOf(name: string): MessageCodec | undefined {
  const type = root.lookup(name)
  return type?.fullName === `.${name}` ? messageCodec(root.lookupType(name)) : undefined
}
