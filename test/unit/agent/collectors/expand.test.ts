import fc from 'fast-check'
import { expect, test } from 'vitest'
import { segmentMatcher } from '#shared/place.ts'
import { expandAll, templateTree } from '../../../../agent/collectors/expand.ts'
import { homeReach } from '../../../../agent/platform/places.ts'
import { fakeHost } from '../../../helpers/fake-host.ts'

const home = '/home/ann'
const ann = { name: 'ann', uid: '1000', home, readable: true }
const names = ['a', 'A', 'ab', 'Ünder', '.b', ...Array.from({ length: 30 }, (_, n) => `n${n}`)]

// So many templates that a folder is listed, so few that it is asked for each; more names than are there, and fewer.
test('whatever else is looked for with it, a template finds what fits it', () => {
  const name = fc.oneof({ weight: 2, arbitrary: fc.constantFrom('a', 'A') }, fc.constantFrom(...names))
  const segment = fc.oneof({ weight: 4, arbitrary: name }, fc.constantFrom('*', 'a*', '*b', 'n1*'))
  fc.assert(
    fc.property(
      fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 25 }),
      fc.uniqueArray(
        fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
        { maxLength: 60 },
      ),
      fc.boolean(),
      (there, templates, isSecondLook) => {
        const paths = new Set(there.map((parts) => `${home}/${parts.join('/')}/file`))
        const host = fakeHost({ files: Object.fromEntries(Array.from(paths, (path) => [path, ''])) })
        const tree = templateTree(templates.map((template) => [template, template] as const))
        const look = () => {
          host.files.refresh()
          return expandAll(tree, home, { reach: homeReach(host.files, ann), isOver: () => false })
        }
        if (isSecondLook) look()
        const found = look()

        for (const template of templates) {
          expect(
            found(template)
              .files.map(({ path }) => path)
              .toSorted(),
          ).toEqual(fitting(paths, template).toSorted())
        }
      },
    ),
    { numRuns: 200 },
  )
})

/** Of files and the folders above them. */
function fitting(files: ReadonlySet<string>, template: string): readonly string[] {
  const fits = template.split('/').map(segmentMatcher)
  const all = [...files].flatMap((file) => {
    const parts = file.slice(home.length + 1).split('/')
    return parts.map((_, index) => parts.slice(0, index + 1))
  })
  const right = all.filter(
    (parts) => parts.length === fits.length && parts.every((part, index) => fits[index]?.(part) === true),
  )
  return [...new Set(right.map((parts) => `${home}/${parts.join('/')}`))]
}
