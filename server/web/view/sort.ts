// The order of a list as it stands in an address: `since` rising, `-since` falling, nothing for the server's own. Pure.

interface Sorting {
  readonly id: string
  readonly desc: boolean
}

export function readSort(sort: string | undefined): Sorting[] {
  if (sort === undefined || sort === '' || sort === '-') return []
  return [sort.startsWith('-') ? { id: sort.slice(1), desc: true } : { id: sort, desc: false }]
}

export function writeSort(sorting: readonly Sorting[]): string | undefined {
  const first = sorting[0]
  return first === undefined ? undefined : first.desc ? `-${first.id}` : first.id
}
