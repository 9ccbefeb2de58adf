// Who may use a route. Every route says so; one that does not is refused when the server is built.
import type { SessionInfo } from '#shared/api.ts'
import type { z } from 'zod'

export type Role = z.infer<typeof SessionInfo>['role']

/** `open`: anybody · `device`: signed by an enrolled device · a list: signed in with one of these roles. */
export type RouteRole = 'open' | 'device' | readonly Role[]

export const openRole: RouteRole = 'open'
export const deviceRole: RouteRole = 'device'
export const everyRole: readonly Role[] = ['admin', 'auditor', 'helpdesk']
/**
 * May open people's names and timelines, one device's or the fleet's. One finding with its marks is for every role: it is
 * what a helpdesk is asked about. It is under a pseudonym, and each look at it is audited.
 */
export const lookingRoles: readonly Role[] = ['admin', 'auditor']
export const adminRole: readonly Role[] = ['admin']

export function mayLook(session: { readonly role: Role }): boolean {
  return lookingRoles.includes(session.role)
}

declare module 'fastify' {
  interface FastifyContextConfig {
    role?: RouteRole
  }
}
