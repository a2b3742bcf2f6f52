import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installed, startServer } from '../measure/process.mjs'

const goFolder = fileURLToPath(new URL('../go', import.meta.url))
const goServer = join(goFolder, 'server')

/** Starts `node contenders/NAME.mjs ARGS`. */
export const nodeServer = (name, ...args) => startServer('node', [`contenders/${name}.mjs`, ...args])

/** Builds the Go peer where Go is; gives how to start it, or nothing, saying so. */
export function goPeer() {
  if (!installed('go')) {
    console.log('  grpc-go, Go kit: absent, there is no go here')
    return undefined
  }
  if (!existsSync(goServer)) execFileSync('go', ['build', '-o', goServer, '.'], { cwd: goFolder, stdio: 'inherit' })
  return (mode) => startServer(goServer, [mode])
}

/** A contender that starts a server, measures it and stops it. */
export function served(name, start, load) {
  return {
    name,
    async measure() {
      const server = await start()
      try {
        return await load(server.port)
      } finally {
        await server.stop()
      }
    },
  }
}
