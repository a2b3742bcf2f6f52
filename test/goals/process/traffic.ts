import {
  bidiStream,
  clientStream,
  defineMessage,
  defineService,
  field,
  implement,
  serverStream,
  unary,
} from 'tierkit/service'

const Message = defineMessage('goals.Load', { text: field(1, 'string') })

/** The service of servers under load: a call of each kind. */
export const Traffic = defineService({
  name: 'goals.Traffic',
  methods: {
    one: unary(Message, Message),
    down: serverStream(Message, Message),
    up: clientStream(Message, Message),
    both: bidiStream(Message, Message),
  },
})

/** Spends time on the processor, as work does. */
function spend(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** Echoes. The text `hang` waits for the end of the call; `spend 2` takes 2 ms of the processor, when it is its turn. */
export const traffic = implement(Traffic, {
  one: async (request, context) => {
    const [word, ms] = request.text.split(' ')
    if (word === 'spend') {
      await new Promise(setImmediate)
      spend(Number(ms))
    }
    if (word === 'hang') return new Promise((_, reject) => void context.onCancel(reject))
    return request
  },
  async *down(request) {
    for (let count = 0; count < 5; count += 1) yield request
  },
  async up(requests) {
    let text = ''
    for await (const request of requests) text = request.text
    return { text }
  },
  async *both(requests) {
    yield* requests
  },
})
