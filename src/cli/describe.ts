import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { ProtoFiles } from '../service/proto/proto-files.js'
import { describeFiles } from '../service/proto-schema/describe-files.js'
import { readArguments, readMs } from './arguments.js'
import { type Command, type Terminal, UsageError } from './command.js'
import { CONNECTION_HELP, CONNECTION_OPTIONS, openChannel, readMetadata } from './contract/connection-options.js'
import { CONTRACT_HELP, CONTRACT_OPTIONS, checkAskable, namedContract } from './contract/contract-options.js'
import { ASK_TIMEOUT_MS, ServerReflection } from './contract/server-reflection.js'
import { printSymbol } from './describe/print-symbol.js'

const HELP = `tierkit describe TARGET [SYMBOL]
tierkit describe --proto PATH [SYMBOL]

Shows what a running service, or a contract, offers: its services, one per line, or a SYMBOL as .proto text.

  TARGET  grpc://host:port, host:port, or a service in a registry: etcd://host:2379/orders, file:///tmp/shop/orders
  SYMBOL  a service, a method (pkg.Service/Method: with its messages), a message, an enum, or a part of one

${CONTRACT_HELP}
${CONNECTION_HELP}

Exits with 0; with 5 (NOT_FOUND) if there is no such symbol; with the gRPC code if the server does not answer.`

const OPTIONS = { help: { type: 'boolean', short: 'h' }, ...CONTRACT_OPTIONS, ...CONNECTION_OPTIONS } as const

/** `tierkit describe`: shows services, methods and messages. */
export const describe: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, OPTIONS)
  if (values.help) {
    await terminal.print(HELP)
    return 0
  }
  const named = namedContract(values)
  const [target, symbol, ...more] = named ? ['', ...positionals] : positionals
  if (target === undefined || more.length > 0)
    throw new UsageError(`expected TARGET, or --proto, and at most one SYMBOL\n\n${HELP}`)
  if (named) return print(await fromFiles(named, symbol), terminal)
  checkAskable(target)
  const timeoutMs = readMs('--timeout', values.timeout) ?? ASK_TIMEOUT_MS
  const metadata = readMetadata(values.metadata)
  const channel = await openChannel(target, values)
  try {
    const reflection = new ServerReflection(channel, { timeoutMs, metadata, signal: terminal.signal })
    return await print(await fromServer(reflection, symbol), terminal)
  } finally {
    await channel.close()
  }
}

async function print(lines: readonly string[], terminal: Terminal): Promise<number> {
  for (const line of lines) await terminal.print(line)
  return 0
}

function fromFiles(files: ProtoFiles, symbol: string | undefined): readonly string[] {
  if (symbol !== undefined) return printed(files, symbol)
  const requested = describeFiles(files).filter(({ name }) => files.requested.includes(name))
  return requested.flatMap(({ services }) => services.map(({ fullName }) => fullName))
}

async function fromServer(reflection: ServerReflection, symbol: string | undefined): Promise<readonly string[]> {
  if (symbol === undefined) return reflection.services()
  const files = await reflection.filesOf(symbol.replace(/^[./]/, '').replace('/', '.'))
  if (!files) throw noSymbol(symbol)
  return printed(files, symbol)
}

function printed(files: ProtoFiles, symbol: string): readonly string[] {
  const lines = printSymbol(describeFiles(files), symbol)
  if (!lines) throw noSymbol(symbol)
  return lines
}

function noSymbol(symbol: string): RpcError {
  return new RpcError(Code.NOT_FOUND, `there is no symbol ${JSON.stringify(symbol)}`)
}
