// The frame around every page once signed in: skip link, navigation, colour scheme, who is signed in, and the zone of the times.
import { ActionIcon, Burger, Button, Drawer, Menu } from '@mantine/core'
import { IconLogout, IconUserCircle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { session } from '../data/resources.ts'
import { signOut } from '../data/writes.ts'
import { useClock } from '../parts/clock.tsx'
import { Inert } from '../parts/inert-text.tsx'
import { zoneText } from '../view/time.ts'
import { Logo } from './logo.tsx'
import { Navigation } from './navigation.tsx'
import { SchemeSwitch } from './scheme-switch.tsx'
import classes from './shell.module.css'

export function Shell() {
  const [menuOpen, setMenuOpen] = useState(false)
  const main = useMainFocus()
  return (
    <div className={classes.frame}>
      <a
        href="#main"
        className={classes.skip}
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        Skip to content
      </a>
      <aside className={classes.side} aria-label="Cutoff">
        <div className={classes.brand}>
          <Logo />
        </div>
        <Navigation />
        <div className={classes.foot}>
          <Zone />
          <SchemeSwitch />
          <SignedIn />
        </div>
      </aside>
      <header className={classes.top}>
        <Burger size="sm" opened={menuOpen} onClick={() => setMenuOpen(true)} aria-label="Open the menu" />
        <Logo />
        <AccountMenu />
      </header>
      <Drawer
        opened={menuOpen}
        onClose={() => setMenuOpen(false)}
        size={280}
        title={<Logo />}
        lockScroll={false}
        closeButtonProps={{ 'aria-label': 'Close the menu' }}
        data-scroll-lock={menuOpen || undefined}
      >
        <Navigation onGo={() => setMenuOpen(false)} />
        <div className={classes.foot}>
          <Zone />
          <SchemeSwitch />
        </div>
      </Drawer>
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          <Outlet />
        </div>
      </main>
    </div>
  )
}

/** Moves the focus to the page after going to another, so that it is read out; not at the first load, nor for a panel over a list. */
function useMainFocus() {
  const main = useRef<HTMLElement>(null)
  const place = useRouterState({
    select: (state) => state.resolvedLocation?.pathname.split('/').slice(0, 3).join('/'),
  })
  const last = useRef(place)
  useEffect(() => {
    const before = last.current
    last.current = place
    if (before === undefined || place === undefined || before === place) return
    if (before.startsWith('/findings') && place.startsWith('/findings')) return
    main.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [place])
  return main
}

function Zone() {
  const clock = useClock()
  return <p className={classes.zone}>Times in {zoneText(clock.now, clock)}</p>
}

function useSignOut() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: signOut,
    onSettled: async () => {
      client.clear()
      await navigate({ to: '/sign-in' })
    },
  })
}

function SignedIn() {
  const { data } = useQuery(session())
  const out = useSignOut()
  if (data === undefined) return null
  return (
    <div className={classes.signed}>
      <div className={classes.who}>
        <span className={classes.user}>
          <Inert text={data.user} max={28} />
        </span>
        <span className="dim small">
          {data.role}
          {data.organisation === null ? null : (
            <>
              {' · '}
              <Inert text={data.organisation} max={24} />
            </>
          )}
        </span>
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="Sign out"
        onClick={() => out.mutate()}
        loading={out.isPending}
      >
        <IconLogout size={18} aria-hidden />
      </ActionIcon>
    </div>
  )
}

function AccountMenu() {
  const { data } = useQuery(session())
  const out = useSignOut()
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-md" aria-label="Account">
          <IconUserCircle size={20} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {data?.user} · {data?.role}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => out.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
