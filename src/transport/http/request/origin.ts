import { Code } from '../../kernel.js'
import { HttpRefusal } from '../error.js'
import type { Cors } from '../serve/cors.js'
import type { HttpRequest } from '../serve/http-message.js'

type Asked = Pick<HttpRequest, 'headers'>

/** What browsers send to everywhere without asking first (Fetch, 2.2.2); the empty one is that of a request without any. */
const UNASKED: ReadonlySet<string> = new Set([
  '',
  'multipart/form-data',
  'text/plain',
  'application/x-www-form-urlencoded',
])

/**
 * Lets in programs, pages of the host itself, and pages of origins that may call; throws for others. Browsers open sockets
 * to everywhere, cookies and all, and leave it to the server to look where a page is from. Gives whether what a browser
 * adds by itself may be believed.
 */
export function checkOrigin(request: Asked, cors: Cors | undefined): boolean {
  if (!isForeign(request)) return true
  if (cors?.allows(request.headers.origin ?? '')) return cors.credentials
  const problem = 'pages of this origin may not open a WebSocket here: the option cors says which may'
  throw new HttpRefusal(403, [Code.PERMISSION_DENIED, problem])
}

/**
 * Throws for a request that a page of another origin could have its browser send without asking, cookies and all: such a
 * request must not have an effect, even if the page cannot read the answer.
 */
export function checkUnasked(request: Pick<HttpRequest, 'headers' | 'method'>): void {
  if (request.method !== 'POST' || request.headers.origin === undefined) return
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1)
  if (!UNASKED.has(type.trim().toLowerCase()) || !isForeign(request)) return
  const problem = 'pages of this origin may not call: the option cors says which may'
  throw new HttpRefusal(403, [Code.PERMISSION_DENIED, problem])
}

function isForeign({ headers }: Asked): boolean {
  const { origin, host = '', 'sec-fetch-site': site } = headers
  // The host may have been rewritten on the way. No page can set this one.
  return origin !== undefined && site !== 'same-origin' && !isOf(host, origin)
}

function isOf(host: string, origin: string): boolean {
  const page = URL.canParse(origin) ? new URL(origin) : undefined
  // Which of the two schemes it was may be known to a proxy only.
  if (page?.protocol !== 'http:' && page?.protocol !== 'https:') return false
  const here = `${page.protocol}//${host}`
  return URL.canParse(here) && new URL(here).host === page.host
}
