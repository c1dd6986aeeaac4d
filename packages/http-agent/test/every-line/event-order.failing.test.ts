import { checkOrders } from './event-order/check-order.ts'
import { FAILING_SCENARIOS } from './event-order/failing-scenarios.ts'

checkOrders(FAILING_SCENARIOS)
