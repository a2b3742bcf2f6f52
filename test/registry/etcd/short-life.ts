import { openRegistry } from '../../../src/registry/open-registry.js'
import { instanceOf } from '../fixture.js'

// A process that uses a registry, closes it, and has nothing more to do: URL.
const registry = openRegistry(process.argv[2] ?? '')
await registry.register(instanceOf('short', 'life'))
for await (const instances of registry.watch('short', new AbortController().signal)) {
  if (instances.length === 1) break
}
const watch = registry.watch('short', new AbortController().signal)[Symbol.asyncIterator]()
await watch.next()
await registry.close()
console.log('registered, seen, closed')
