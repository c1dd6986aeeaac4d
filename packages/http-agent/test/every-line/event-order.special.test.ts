import { checkOrders } from './event-order/check-order.ts'
import { SPECIAL_SCENARIOS } from './event-order/special-scenarios.ts'

checkOrders(SPECIAL_SCENARIOS)
