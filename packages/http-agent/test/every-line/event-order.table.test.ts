import assert from 'node:assert/strict'
import { it } from 'node:test'
import { titlesOf } from './event-order/check-order.ts'
import { DECIDED_DIFFERENCES } from './event-order/decided-differences.ts'
import { EXCHANGE_SCENARIOS } from './event-order/exchange-scenarios.ts'
import { FAILING_SCENARIOS } from './event-order/failing-scenarios.ts'
import {
  GIVEN_UP_OTHERWISE_SCENARIOS,
  GIVEN_UP_SCENARIOS,
} from './event-order/given-up-scenarios.ts'
import { SPECIAL_SCENARIOS } from './event-order/special-scenarios.ts'
import { SWIFT_SCENARIOS } from './event-order/swift-scenarios.ts'

const TITLES = titlesOf(
  [
    ...[EXCHANGE_SCENARIOS, FAILING_SCENARIOS, GIVEN_UP_SCENARIOS, GIVEN_UP_OTHERWISE_SCENARIOS],
    ...[SPECIAL_SCENARIOS, SWIFT_SCENARIOS],
  ].flat(),
)

it('has one name for each scenario', () => {
  assert.deepEqual(TITLES, [...new Set(TITLES)])
})

for (const { title, differences } of DECIDED_DIFFERENCES) {
  it(`has a scenario for each difference: ${title}`, () => {
    assert.notEqual(differences.length, 0)
    for (const { scenarios } of differences) {
      assert.ok(
        TITLES.some((each) => scenarios.test(each)),
        `${scenarios} is the name of no scenario`,
      )
    }
  })
}
