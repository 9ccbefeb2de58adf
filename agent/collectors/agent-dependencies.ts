// Which of a package's dependencies say that it is built as AI coding agents are, by the list of catalogue/behaviours.ts. Pure.
import { agentDependencies } from '#shared/catalogue/behaviours.ts'
import type { PackageObservation } from '#shared/observation.ts'

type Manager = (typeof agentDependencies)[number]['manager']

const names = Map.groupBy(agentDependencies, ({ manager }) => manager)

/** A part of a package's observation: nothing where there is none. */
export function agentDependenciesIn(
  manager: Manager,
  dependencies: readonly string[],
): Pick<PackageObservation, 'dependsOn'> {
  const listed = (names.get(manager) ?? []).flatMap(({ name }) =>
    dependencies.some((one) => (name.endsWith('/*') ? one.startsWith(name.slice(0, -1)) : one === name))
      ? [name]
      : [],
  )
  return listed.length === 0 ? {} : { dependsOn: listed }
}
