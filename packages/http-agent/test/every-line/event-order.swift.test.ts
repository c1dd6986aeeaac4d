import { checkOrders } from './event-order/check-order.ts'
import { SWIFT_SCENARIOS } from './event-order/swift-scenarios.ts'

checkOrders(SWIFT_SCENARIOS)
