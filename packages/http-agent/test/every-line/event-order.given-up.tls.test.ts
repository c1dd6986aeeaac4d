import { checkOrders } from './event-order/check-order.ts'
import { GIVEN_UP_SCENARIOS } from './event-order/given-up-scenarios.ts'

checkOrders(GIVEN_UP_SCENARIOS, ['TLS'])
