/** Any async function, guarded: no service, no transport, no registry. */
import { wrap } from 'tierkit/client'
import { circuitBreaker, retry } from 'tierkit/middleware'

let attempts = 0
async function loadUser(name: string): Promise<{ name: string }> {
  attempts += 1
  if (attempts < 3) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  return { name }
}

const findUser = wrap(loadUser, { idempotency: 'idempotent' }, retry({ attempts: 3 }), circuitBreaker())
console.log(await findUser('ada', { timeoutMs: 2000 }), `after ${attempts} attempts`)
