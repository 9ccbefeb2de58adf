// Starts the dashboard in the browser: providers, then the router.
import './data/schema-mode.ts'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './styles/tokens.css'
import './styles/base.css'
import { createTheme, MantineProvider, Notification } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ServerProblem } from './data/client.ts'
import { ClockProvider } from './parts/clock.tsx'
import { makeRouter } from './router.tsx'

const client: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused is not asked again by itself; a failing network or server is, once.
      retry: (count, error) =>
        count < 1 &&
        !(error instanceof ServerProblem && error.problem.status >= 400 && error.problem.status < 500),
    },
  },
  queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
  mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
})
const router = makeRouter(client)

function leaveWhenSignedOut(error: Error): void {
  if (!(error instanceof ServerProblem) || error.problem.code !== 'not-signed-in') return
  if (router.state.location.pathname === '/sign-in') return
  void router.navigate({ to: '/sign-in' })
}

const theme = createTheme({
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
  },
})
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

// Room for the scroll bar while a panel locks the page, so that nothing jumps; 0 where scroll bars float.
const probe = document.createElement('div')
probe.className = 'scroll-probe'
document.body.append(probe)
document.documentElement.style.setProperty('--scrollbar', `${probe.offsetWidth - probe.clientWidth}px`)
probe.remove()

// Without its variables and classes Mantine injects no style element; styles/tokens.css has what we change of them.
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <ClockProvider>
        <QueryClientProvider client={client}>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ClockProvider>
    </MantineProvider>
  </StrictMode>,
)
