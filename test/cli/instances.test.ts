import { describe, expect, it } from 'vitest'
import { run } from './run.js'

describe('tierkit instances', () => {
  it('shows the instances of a service as a table', async () => {
    expect(await run(['instances', 'static:///10.0.0.1:9000,http://b:80', 'orders'])).toEqual({
      code: 0,
      out: [
        'SERVICE  INSTANCE              VERSION  ENDPOINTS             METADATA',
        'orders   grpc://10.0.0.1:9000           grpc://10.0.0.1:9000',
        'orders   http://b:80                    http://b:80',
        '',
      ].join('\n'),
      err: '',
    })
  })
})
