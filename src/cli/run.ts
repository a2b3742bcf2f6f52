import { tierkitVersion } from '../app/part/tierkit-version.js'
import { codeName } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { type Command, EXIT_USAGE, messageOf, type Terminal, UsageError } from './command.js'
import { hintOf } from './contract/hint-of.js'

const HELP = `tierkit: services in TypeScript, from the command line

  tierkit generate   write TypeScript from .proto files, or .proto files from code
  tierkit check      find changes of a contract that break somebody
  tierkit openapi    write an OpenAPI document of a contract
  tierkit call       call a method of a running service
  tierkit describe   show what a running service, or a contract, offers
  tierkit instances  show who is registered

  tierkit COMMAND --help   what a command takes
  tierkit --version        which tierkit this is`

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  call: async () => (await import('./call.js')).call,
  check: async () => (await import('./check.js')).check,
  describe: async () => (await import('./describe.js')).describe,
  generate: async () => (await import('./generate.js')).generate,
  instances: async () => (await import('./instances.js')).instances,
  openapi: async () => (await import('./openapi/openapi.js')).openapi,
}

const dispatch: Command = async ([name, ...args], terminal) => {
  if (name === '--version' || name === '-v') {
    await terminal.print(tierkitVersion())
    return 0
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    await terminal.print(HELP)
    return 0
  }
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load) return (await load())(args, terminal)
  if (name === undefined) throw new UsageError(`a command is missing\n\n${HELP}`)
  throw new UsageError(`unknown command ${JSON.stringify(name)}: there are ${Object.keys(commands).join(', ')}`)
}

/** Runs the command that the arguments name. Never rejects: what goes wrong is printed, and has its exit code. */
export const run: Command = async (args, terminal) => {
  try {
    return await dispatch(args, terminal)
  } catch (error) {
    return failed(error, terminal)
  }
}

/** Prints why a command failed; returns its exit code. */
function failed(error: unknown, terminal: Terminal): number {
  if (error instanceof RpcError) {
    terminal.warn(`${codeName(error.code)}: ${error.rawMessage.trim()}`)
    if (error.reason) terminal.warn(`reason: ${error.reason}${error.domain ? ` (${error.domain})` : ''}`)
    if (Object.keys(error.metadata).length > 0) terminal.warn(`metadata: ${JSON.stringify(error.metadata)}`)
    const hint = hintOf(error)
    if (hint !== undefined) terminal.warn(`hint: ${hint}`)
    return error.code
  }
  terminal.warn(`tierkit: ${messageOf(error)}`)
  return error instanceof UsageError ? EXIT_USAGE : 1
}
