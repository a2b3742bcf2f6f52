import type { Type } from 'protobufjs/light.js'
import type { MessageCodec } from '../message-codec.js'
import type { MessageDescriptor } from '../message-descriptor.js'
import { lazyCodec } from '../protobuf.js'
import { MessageGraph } from './build/message-graph.js'
import { addBundled } from './bundled/bundled-root.js'
import { protobufLibrary } from './library/protobuf-library.js'

/**
 * The codec of a message that is described in code, with all that it refers to.
 *
 * Throws a `TypeError` that lists everything that protobuf forbids, in this message and in those.
 */
export function buildMessage<T = unknown>(message: MessageDescriptor): MessageCodec<T> {
  const graph = graphOf(message)
  return lazyCodec<T>(message.name, () => typeOf(message.name, graph))
}

/** The same, built when it is first used: by then all that it refers to is defined. */
export function lazyMessage<T = unknown>(message: MessageDescriptor): MessageCodec<T> {
  return lazyCodec<T>(message.name, () => typeOf(message.name, graphOf(message)))
}

/** What a message is made of, checked. */
function graphOf(message: MessageDescriptor): MessageGraph {
  const graph = new MessageGraph()
  graph.add(message)
  if (graph.problems.length > 0)
    throw new TypeError(
      `message ${message.name} cannot be defined:\n${graph.problems.map((problem) => `- ${problem}`).join('\n')}`,
    )
  return graph
}

/** The type of the name, as the protobuf library has it. */
function typeOf(name: string, graph: MessageGraph): Type {
  const { Root } = protobufLibrary()
  const root = new Root()
  if (graph.usesWellKnown) for (const file of wellKnownFiles) addBundled(root, file)
  return Root.fromJSON(graph.types, root).resolveAll().lookupType(name)
}

const wellKnownFiles = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'].map(
  (name) => `google/protobuf/${name}.proto`,
)
