// The routes: addresses, what their search may hold, and which page is loaded for each when it is first needed.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { rememberCsrf, ServerProblem } from './data/client.ts'
import { session } from './data/resources.ts'
import { Shell } from './layout/shell.tsx'
import { CrashPage, MissingPage } from './pages/lost.tsx'
import {
  DeviceSelection,
  DevicesSelection,
  FindingSelection,
  GapSelection,
  InventorySelection,
  ListSelection,
  ToolPageSelection,
  ToolSelection,
} from './view/selection.ts'

export function makeRouter(client: QueryClient) {
  const root = createRootRoute({ notFoundComponent: MissingPage, errorComponent: CrashPage })

  const signIn = createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignInPage'),
  })

  const inside = createRoute({
    getParentRoute: () => root,
    id: 'inside',
    component: Shell,
    beforeLoad: async () => {
      try {
        rememberCsrf((await client.fetchQuery(session())).csrf)
      } catch (error) {
        if (error instanceof ServerProblem && error.problem.status === 401) throw redirect({ to: '/sign-in' })
        throw error
      }
    },
  })

  const overview = createRoute({
    getParentRoute: () => inside,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'OverviewPage'),
  })
  const findings = createRoute({
    getParentRoute: () => inside,
    path: '/findings',
    validateSearch: FindingSelection,
    component: lazyRouteComponent(() => import('./pages/findings.tsx'), 'FindingsPage'),
  })
  const finding = createRoute({
    getParentRoute: () => findings,
    path: '/$findingId',
    component: lazyRouteComponent(() => import('./pages/finding.tsx'), 'FindingPanel'),
  })
  const devices = createRoute({
    getParentRoute: () => inside,
    path: '/devices',
    validateSearch: DevicesSelection,
    component: lazyRouteComponent(() => import('./pages/devices.tsx'), 'DevicesPage'),
  })
  const device = createRoute({
    getParentRoute: () => inside,
    path: '/devices/$deviceId',
    validateSearch: DeviceSelection,
    component: lazyRouteComponent(() => import('./pages/device.tsx'), 'DevicePage'),
  })
  const inventory = createRoute({
    getParentRoute: () => inside,
    path: '/inventory',
    validateSearch: InventorySelection,
    component: lazyRouteComponent(() => import('./pages/inventory.tsx'), 'InventoryPage'),
  })
  const tools = createRoute({
    getParentRoute: () => inside,
    path: '/tools',
    validateSearch: ToolSelection,
    component: lazyRouteComponent(() => import('./pages/tools.tsx'), 'ToolsPage'),
  })
  const tool = createRoute({
    getParentRoute: () => inside,
    path: '/tools/$toolId',
    validateSearch: ToolPageSelection,
    component: lazyRouteComponent(() => import('./pages/tool.tsx'), 'ToolPage'),
  })
  const gaps = createRoute({
    getParentRoute: () => inside,
    path: '/gaps',
    validateSearch: GapSelection,
    component: lazyRouteComponent(() => import('./pages/gaps.tsx'), 'GapsPage'),
  })
  const policy = createRoute({
    getParentRoute: () => inside,
    path: '/policy',
    component: lazyRouteComponent(() => import('./pages/policy.tsx'), 'PolicyPage'),
  })
  const waivers = createRoute({
    getParentRoute: () => inside,
    path: '/waivers',
    component: lazyRouteComponent(() => import('./pages/waivers.tsx'), 'WaiversPage'),
  })
  const audit = createRoute({
    getParentRoute: () => inside,
    path: '/audit',
    validateSearch: ListSelection,
    component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'AuditPage'),
  })

  return createRouter({
    routeTree: root.addChildren([
      signIn,
      inside.addChildren([
        overview,
        findings.addChildren([finding]),
        devices,
        device,
        inventory,
        tools,
        tool,
        gaps,
        policy,
        waivers,
        audit,
      ]),
    ]),
    defaultPreload: 'intent',
    defaultStaleTime: 0,
    scrollRestoration: true,
    getScrollRestorationKey: (location) => location.pathname,
  })
}

declare module '@tanstack/react-router' {
  /** Says that a panel was opened from a page, so that closing it leads back there. */
  interface HistoryState {
    opened?: boolean
  }
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
