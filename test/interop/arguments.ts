import { parseArgs } from 'node:util'
import { type EngineName, engines } from './engines.js'

/** The standard arguments of interoperability programs: `--name=value` each. */
export function readArguments(names: readonly string[]): Readonly<Record<string, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    const { values } = parseArgs({ options, strict: true })
    return values as Record<string, string>
  } catch (error) {
    console.error((error as Error).message)
    process.exit(2)
  }
}

/** Whether an argument says yes. */
export function yes(value: string | undefined): boolean {
  return value === 'true' || value === '1'
}

/** The engine of a name, fast by default; ends the process if there is none. */
export function engineOf(name = 'fast') {
  if (Object.hasOwn(engines, name)) return engines[name as EngineName]
  console.error(`--engine=${name} is unknown; known are ${Object.keys(engines).join(', ')}`)
  process.exit(2)
}
