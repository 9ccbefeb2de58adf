// What the signed-in user may do, so that pages offer nothing that the server would refuse. The server decides.
import { useQuery } from '@tanstack/react-query'
import { session } from '../data/resources.ts'

export interface Permissions {
  /** May open names and timelines and read the audit log. */
  readonly look: boolean
  /** May change findings, waivers, policy and devices. */
  readonly change: boolean
}

export function usePermissions(): Permissions {
  const role = useQuery(session()).data?.role
  return { look: role === 'admin' || role === 'auditor', change: role === 'admin' }
}
