/** All roles talk to each other here and nowhere else. */
export const LOOPBACK = '127.0.0.1'
