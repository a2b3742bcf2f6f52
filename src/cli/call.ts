import { createClient } from '../client/create-client.js'
import { readArguments, readMs } from './arguments.js'
import { callMethod, type Invoke } from './call/call-method.js'
import { askForService, findMethod, readMethodName } from './call/find-method.js'
import { type Command, UsageError } from './command.js'
import { CONNECTION_HELP, CONNECTION_OPTIONS, openChannel, readMetadata } from './contract/connection-options.js'
import { CONTRACT_HELP, CONTRACT_OPTIONS, checkAskable, namedContract } from './contract/contract-options.js'
import { ASK_TIMEOUT_MS, ServerReflection } from './contract/server-reflection.js'

const HELP = `tierkit call TARGET pkg.Service/Method [REQUEST]

Calls a method and prints its response as JSON; of a stream, one message per line.

  TARGET   grpc://host:port, http://host:port, host:port, or a service in a registry: etcd://host:2379/orders,
           file:///tmp/shop/orders, static:///a:9000,b:9000
  REQUEST  the message as JSON, one per line for a stream of requests; - or nothing reads standard input

${CONTRACT_HELP}
${CONNECTION_HELP}

Exits with 0, or the gRPC code that the call ended with; with 64 if the arguments are wrong.`

const OPTIONS = { help: { type: 'boolean', short: 'h' }, ...CONTRACT_OPTIONS, ...CONNECTION_OPTIONS } as const

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
  const name = readMethodName(path)
  const named = namedContract(values)
  if (named) findMethod(name, named)
  else checkAskable(target)
  const timeoutMs = readMs('--timeout', values.timeout)
  const options = { metadata: readMetadata(values.metadata), signal: terminal.signal }
  const channel = await openChannel(target, values)
  try {
    const reflection = new ServerReflection(channel, { ...options, timeoutMs: timeoutMs ?? ASK_TIMEOUT_MS })
    const contract = named ?? (await askForService(name.service, reflection))
    const { definition, key, method } = findMethod(name, contract)
    const client = createClient(definition, { channel, middleware: [] })
    const input = request === '-' ? terminal.input : only(request)
    await callMethod({ method, invoke: client[key] as Invoke, input, options: { ...options, timeoutMs } }, terminal)
    return 0
  } finally {
    await channel.close()
  }
}

async function* only(text: string): AsyncGenerator<string> {
  yield text
}
