import { Code } from '../../kernel.js'
import { HttpRefusal } from '../error.js'
import type { Cors } from '../serve/cors.js'
import type { HttpRequest } from '../serve/http-message.js'

/**
 * Lets in programs, pages of the host itself, and pages of origins that may call; throws for others. Browsers open sockets
 * to everywhere, cookies and all, and leave it to the server to look where a page is from. Gives whether what a browser
 * adds by itself may be believed.
 */
export function checkOrigin({ headers }: Pick<HttpRequest, 'headers'>, cors: Cors | undefined): boolean {
  const { origin, host = '' } = headers
  if (origin === undefined || isOf(host, origin)) return true
  if (cors?.allows(origin)) return cors.credentials
  const problem = 'pages of this origin may not open a WebSocket here: the option cors says which may'
  throw new HttpRefusal(403, [Code.PERMISSION_DENIED, problem])
}

function isOf(host: string, origin: string): boolean {
  const page = URL.canParse(origin) ? new URL(origin) : undefined
  // Which of the two schemes it was may be known to a proxy only.
  if (page?.protocol !== 'http:' && page?.protocol !== 'https:') return false
  const here = `${page.protocol}//${host}`
  return URL.canParse(here) && new URL(here).host === page.host
}
