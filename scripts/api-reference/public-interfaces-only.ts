import { type Application, Converter } from 'typedoc'

const NOTHING = { implementedTypes: undefined, implementationOf: undefined }

/** Called by TypeDoc: leaves out which interfaces a class implements, since none of them is public. */
export const load = ({ converter }: Application): void => {
  converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      if (reflection.isDeclaration() || reflection.isSignature()) Object.assign(reflection, NOTHING)
    }
  })
}
