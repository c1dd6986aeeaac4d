/** undici's own Agent under our name. */
export { Agent as KeepAliveDispatcher } from 'undici'
