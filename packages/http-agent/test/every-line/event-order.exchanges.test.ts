import { checkOrders } from './event-order/check-order.ts'
import { EXCHANGE_SCENARIOS } from './event-order/exchange-scenarios.ts'

checkOrders(EXCHANGE_SCENARIOS)
