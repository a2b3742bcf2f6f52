import { closeClient, createClient } from '../client/create-client.js'
import { Metadata } from '../endpoint/metadata.js'
import { readArguments, readMs } from './arguments.js'
import { callMethod, type Invoke } from './call/call-method.js'
import { findMethod } from './call/find-method.js'
import { readTls } from './call/read-tls.js'
import { asUsage, type Command, UsageError } from './command.js'

const HELP = `tierkit call TARGET pkg.Service/Method [REQUEST] --proto FILE

Calls a method and prints its response as JSON; of a stream, one message per line.

  TARGET   grpc://host:port, http://host:port, host:port, or a service in a registry: etcd://host:2379/orders,
           file:///tmp/shop/orders, static:///a:9000,b:9000
  REQUEST  the message as JSON, one per line for a stream of requests; - or nothing reads standard input

  --proto FILE        the contract; may be repeated
  -I, --proto-path DIR
                      where imports are looked for, may be repeated; by default in the folders above a file
  --metadata KEY=VAL  sent with the call; may be repeated; values of keys in -bin are base64
  --timeout MS        how long the call may take
  --ca FILE           certificates to trust, instead of the system's; implies --tls
  --cert, --key FILE  who calls, for mutual TLS; implies --tls
  --server-name NAME  whom the server's certificate must name, if not the host; implies --tls
  --tls               encrypt calls to a TARGET without a scheme
  --plaintext         do not: the default

Exits with 0, or the gRPC code that the call ended with; with 64 if the arguments are wrong.`

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  proto: { type: 'string', multiple: true },
  'proto-path': { type: 'string', short: 'I', multiple: true },
  metadata: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  tls: { type: 'boolean' },
  plaintext: { type: 'boolean' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'server-name': { type: 'string' },
} as const

/** `tierkit call`: makes one call of one method. */
export const call: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, OPTIONS)
  if (values.help) {
    await terminal.print(HELP)
    return 0
  }
  const [target, path, request = '-', ...more] = positionals
  if (target === undefined || path === undefined || more.length > 0)
    throw new UsageError(`expected TARGET, pkg.Service/Method and at most one REQUEST\n\n${HELP}`)
  const { definition, key, method } = await findMethod(path, values)
  const metadata = readMetadata(values.metadata ?? [])
  const options = { timeoutMs: readMs('--timeout', values.timeout), metadata, signal: terminal.signal }
  const tls = await readTls(values)
  // No middleware: what is asked for is what is sent, once.
  const client = asUsage(() => createClient(definition, { target, tls, middleware: [] }))
  try {
    const input = request === '-' ? terminal.input : only(request)
    await callMethod({ method, invoke: client[key] as Invoke, input, options }, terminal)
    return 0
  } finally {
    await closeClient(client)
  }
}

/** `KEY=VALUE`, with base64 for the values of keys that end in `-bin`. */
function readMetadata(pairs: readonly string[]): Metadata {
  const metadata = new Metadata()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw new UsageError(`--metadata needs KEY=VALUE, not ${JSON.stringify(pair)}`)
    const [key, value] = [pair.slice(0, at), pair.slice(at + 1)]
    asUsage(() => metadata.append(key, /-bin$/i.test(key) ? Buffer.from(value, 'base64') : value))
  }
  return metadata
}

async function* only(text: string): AsyncGenerator<string> {
  yield text
}
