import { once } from 'node:events'
import { connect } from 'node:net'
import { Code, RpcError } from 'tierkit/error'
import { expect, it, onTestFinished } from 'vitest'
import { gate, serverWith } from '../fixture.js'
import { upload } from '../multipart/fixture.js'

// Without chunks, as many proxies ask, the end of the connection is the end of the body.
it.each(['1.0', '1.1'])('a body that fails on its way over HTTP/%s resets the connection', async (version) => {
  const fail = gate()
  const http = [{ method: 'GET', path: '/download' }]
  const { method, ...rest } = upload({ type: 'HttpBody', kind: 'server_stream', http }, async () =>
    (async function* () {
      yield { contentType: 'text/csv', data: Buffer.from('a;b') }
      await fail.passed
      throw new RpcError(Code.DATA_LOSS, 'gone')
    })(),
  )
  const { port } = await serverWith([{ ...rest, method: { ...method, response: method.request } }])
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const failed = once(socket, 'end').catch((error: NodeJS.ErrnoException) => error.code)
  socket.write(`GET /download HTTP/${version}\r\nHost: x\r\n\r\n`)
  let received = ''
  while (!received.includes('a;b')) received += (await once(socket, 'data'))[0]
  fail.open()
  expect(await failed).toBe('ECONNRESET')
})
