// Signing in: by a link that is made where the server runs and works once. There is no password to type or to steal.
import { Button, Code, TextInput } from '@mantine/core'
import { IconLogin2 } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import { session } from '../data/resources.ts'
import { signIn } from '../data/writes.ts'
import { Logo } from '../layout/logo.tsx'
import { ProblemNote } from '../parts/notes.tsx'
import { tokenOf } from '../view/login-link.ts'
import classes from './sign-in.module.css'

export function SignInPage() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: async (info) => {
      client.setQueryData(session().queryKey, info)
      await navigate({ to: '/', replace: true })
    },
  })
  const begun = useRef(false)
  useEffect(() => {
    document.title = 'Sign in · Cutoff'
    const token = tokenOf(window.location.href)
    if (token === null || begun.current) return
    begun.current = true
    // The token must not stay in the history or be read over a shoulder.
    window.history.replaceState(null, '', '/sign-in')
    enter.mutate(token)
  }, [enter])

  const token = tokenOf(typed)
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (token !== null) enter.mutate(token)
  }
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Logo />
        <h1>Sign in</h1>
        {enter.isPending ? (
          <p role="status">Signing in…</p>
        ) : (
          <>
            {enter.error === null ? null : <ProblemNote error={enter.error} />}
            <p>
              You need a login link. It is made on the machine where the server runs: <Code>npm start</Code>{' '}
              prints one, and <Code>cutoff-server user link</Code> makes another. Open it in this browser, or
              paste it here.
            </p>
            <form onSubmit={submit} className={classes.form}>
              <TextInput
                label="Login link"
                placeholder="http://127.0.0.1:8740/…"
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                error={typed !== '' && token === null ? 'This is not a login link.' : null}
                autoComplete="off"
                spellCheck={false}
              />
              <Button
                type="submit"
                leftSection={<IconLogin2 size={17} aria-hidden />}
                disabled={token === null}
              >
                Sign in
              </Button>
            </form>
            <p className="dim small">
              A link works once and expires soon. Signing in is recorded in the audit log.
            </p>
          </>
        )}
      </div>
    </main>
  )
}
