import { type ParseArgsConfig, parseArgs } from 'node:util'
import { asUsage, UsageError } from './command.js'

type Options = NonNullable<ParseArgsConfig['options']>

/** Options by name, and what else was given. */
export type Arguments<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>

/** Arguments, read by what a command takes. Throws a `UsageError` that says what is wrong with them. */
export function readArguments<const O extends Options>(args: readonly string[], options: O): Arguments<O> {
  return asUsage(() => {
    try {
      return parseArgs({ args: [...args], options, allowPositionals: true })
    } catch (error) {
      throw isUnknown(error) ? unknownOption(error.message, Object.keys(options)) : error
    }
  })
}

function isUnknown(error: unknown): error is Error {
  return error instanceof Error && (error as { readonly code?: unknown }).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
}

/** Node tells how to write a file that is called like an option, which is hardly ever meant. */
function unknownOption(message: string, known: readonly string[]): Error {
  const option = /'(-[^']*)'/.exec(message)?.[1] ?? ''
  return new Error(`unknown option ${option}: there are ${known.map((name) => `--${name}`).join(', ')}`)
}

/** A number of milliseconds that was given as an option. Throws a `UsageError` if it is none. */
export function readMs(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = Number(text)
  if (text.trim() === '' || !Number.isFinite(ms) || ms <= 0)
    throw new UsageError(`${option} needs a number of milliseconds above 0, not ${JSON.stringify(text)}`)
  return ms
}
