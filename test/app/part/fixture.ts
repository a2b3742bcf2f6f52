import { type App, type AppOptions, createApp } from 'tierkit/app'
import { onTestFinished } from 'vitest'
import type { AppState } from '../../../src/app/part/app-state.js'
import { silent } from '../fake-parts.js'

/** An app for the length of a test, without middleware unless it is given some. */
export async function start(change: Partial<AppOptions>): Promise<App> {
  const app = createApp({ name: 'notes', middleware: [], logger: silent, ...change })
  onTestFinished(() => app.stop())
  await app.start()
  return app
}

/** What the admin port of an app shows at `/state`. */
export async function stateOf(app: App): Promise<AppState> {
  const response = await fetch(`${app.addresses?.admin?.url}/state`, { headers: { connection: 'close' } })
  return (await response.json()) as AppState
}
