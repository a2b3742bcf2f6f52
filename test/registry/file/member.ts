import { fileRegistry } from '../../../src/registry/file/file-registry.js'
import { instanceOf } from '../fixture.js'

// A process of its own that registers one instance and stays: DIRECTORY SERVICE ID.
const [directory = '', service = '', id = ''] = process.argv.slice(2)
await fileRegistry(directory).register(instanceOf(service, id))
// It does not outlive the test, however that ends.
const parent = process.ppid
setInterval(() => process.ppid !== parent && process.exit(), 500)
