import { parseArgs } from 'node:util'

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

/** Fails unless the engine is one that there is. */
export function checkEngine(engine = 'grpc-js'): void {
  if (engine === 'grpc-js') return
  console.error(`--engine=${engine} is unknown; known is grpc-js`)
  process.exit(2)
}
