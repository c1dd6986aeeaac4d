// The Stripe SDK takes one agent, for HTTPS unless it is told otherwise.
import { HttpsAgent } from '@holdfast/http-agent'
import Stripe from 'stripe'

export const httpAgent = new HttpsAgent()

export const stripeWith = (key: string, options: Stripe.StripeConfig = {}): Stripe =>
  new Stripe(key, { httpAgent, ...options })
