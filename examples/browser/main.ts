/** A page that calls a service of another origin. With `--stay` it is there to be opened in a browser. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { createApp, serve } from 'tierkit'
import { greeter } from '../greeter/service.js'
import { greet } from './page/greet.js'

const page = fileURLToPath(new URL('page', import.meta.url))
const { outputFiles } = await build({ entryPoints: [`${page}/greet.ts`], bundle: true, format: 'esm', write: false })
const script = outputFiles[0]?.text
const html = await readFile(`${page}/index.html`)

const pages = createServer(({ url }, response) => {
  const isScript = url === '/greet.js'
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
  response.end(isScript ? script : html)
}).listen(0, '127.0.0.1')
await once(pages, 'listening')
const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`

// The page is of another origin than the service, which has to let it in.
const server = serve({ host: '127.0.0.1', http: { cors: { origins: [origin] } } })
const app = createApp({ name: 'greeter', services: [greeter], servers: [server] })
const { servers } = await app.start()
const service = `http://127.0.0.1:${servers[0]?.port}`

const asked = { origin, 'access-control-request-method': 'POST' }
const answer = await fetch(`${service}/greeter.v1.Greeter/SayHello`, { method: 'OPTIONS', headers: asked })
console.log('pages may use:', answer.headers.get('access-control-allow-methods'))

if (process.argv.includes('--stay')) {
  console.log(`open ${origin}/?service=${service}`)
} else {
  // What the page does, done here: the client is the same.
  await greet(service, console.log)
  pages.close()
  await app.stop()
}
