/** A form with a file, taken piece by piece as it arrives: it may be larger than memory. */
import { createHash } from 'node:crypto'
import { clientStream, createApp, defineMessage, defineService, field, http, implement } from 'tierkit'

const Chunk = defineMessage('album.v1.Chunk', {
  album: field(1, 'string'),
  filename: field(2, 'string'),
  contentType: field(3, 'string'),
  chunk: field(4, 'bytes'),
})
const Photo = defineMessage('album.v1.Photo', {
  name: field(1, 'string'),
  size: field(2, 'int64'),
  hash: field(3, 'string'),
})
const Albums = defineService({
  name: 'album.v1.Albums',
  methods: {
    addPhoto: clientStream(Chunk, Photo, { http: { method: 'POST', path: '/v1/photos', body: '*' } }),
  },
})

const albums = implement(Albums, {
  async addPhoto(chunks) {
    const hash = createHash('sha256')
    let name = ''
    let size = 0n
    for await (const { album, filename, chunk } of chunks) {
      if (filename) name = `${album}/${filename}`
      size += BigInt(chunk.length)
      hash.update(chunk)
    }
    return { name, size, hash: hash.digest('hex').slice(0, 8) }
  },
})
const server = http({ host: '127.0.0.1', maxFileBytes: 500_000 })
const app = createApp({ name: 'albums', services: [albums], servers: [server] })
const [listening] = (await app.start()).servers

for (const bytes of [300_000, 700_000]) {
  const form = new FormData()
  form.append('album', 'holidays')
  form.append('chunk', new Blob([Buffer.alloc(bytes, 'tierkit')], { type: 'image/png' }), 'sea.png')
  const response = await fetch(`${listening?.url}/v1/photos`, { method: 'POST', body: form })
  console.log(response.status, await response.text())
}
await app.stop()
