import { checkOrders } from './event-order/check-order.ts'
import { GIVEN_UP_OTHERWISE_SCENARIOS } from './event-order/given-up-scenarios.ts'

checkOrders(GIVEN_UP_OTHERWISE_SCENARIOS)
