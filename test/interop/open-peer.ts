import { closeClient, createClient } from 'tierkit'
import type { Peer } from './cases/case.js'
import { TestService, UnimplementedService } from './contract.js'
import type { engines } from './engines.js'
import { watching } from './watching.js'

/** What makes the channels of an engine. */
type OpenChannel = (typeof engines)['fast']['channel']

/** What the cases call with: every connection is made by the one engine. */
export function openPeer(openChannel: OpenChannel, url: string, tls?: { ca?: string; serverName?: string }) {
  const open: OpenChannel = (to) => openChannel(to, { tls })
  const channel = open(url)
  const peer: Peer = {
    test: createClient(TestService, { channel, middleware: [] }),
    unimplemented: createClient(UnimplementedService, { channel, middleware: [] }),
    open: () => createClient(TestService, { target: url, transports: { grpc: open, grpcs: open }, middleware: [] }),
    watch: (see) => createClient(TestService, { channel, middleware: [watching(see)] }),
  }
  const close = async (): Promise<void> => {
    await closeClient(peer.test)
    await channel.close()
  }
  return { peer, close }
}
