/** The legal moves of a machine, by state and by event; whatever is absent is illegal. */
export type Transitions<Name extends string, Event extends string> = Readonly<
  Record<Name, Readonly<Partial<Record<Event, Name>>>>
>

/**
 * Makes the states of a table, each with its legal moves as links. A lookup by two strings costs
 * more than the rest of a lease and a release together; a link costs a load.
 *
 * @param create Makes a state without moves, from one object literal for all states of its table.
 * So they have one shape, and a link stays one load.
 */
export const linkStates = <
  Name extends string,
  Event extends string,
  State extends Readonly<Record<Event, unknown>>,
>(
  transitions: Transitions<Name, Event>,
  events: readonly Event[],
  create: (name: Name, index: number) => State,
): Readonly<Record<Name, State>> => {
  const names = Object.keys(transitions) as Name[]
  const states = {} as Record<Name, State>
  for (const [index, name] of names.entries()) states[name] = create(name, index)
  for (const name of names) {
    const links: Record<Event, unknown> = states[name]
    for (const event of events) {
      const next = transitions[name][event]
      if (next !== undefined) links[event] = states[next]
    }
  }
  return states
}
