import type { Address, Placed } from '../src/addresses/address.ts'
import type { Answer } from '../src/addresses/answer.ts'
import { Link } from '../src/structures/linked-list.ts'

/** An answer of these addresses, each of which is IPv6 where it has a colon. */
export const answerOf = (atMs: number, ...addresses: readonly string[]): Answer => ({
  atMs,
  addresses: addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
})

/** As much of a connection as an address book sees. */
export class BookedConnection implements Placed {
  address: Address<this> | undefined = undefined
  addressLink: Link<this> | undefined = undefined

  get isIdle(): boolean {
    return this.addressLink?.list !== undefined
  }

  beIdle(): void {
    this.addressLink ??= new Link(this)
    this.address?.idle.push(this.addressLink)
  }

  beBusy(): void {
    const { addressLink } = this
    if (addressLink !== undefined) addressLink.list?.remove(addressLink)
  }
}
