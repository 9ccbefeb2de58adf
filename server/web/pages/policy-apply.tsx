// A new policy: written or loaded as YAML, tried out first, and only then applied.
import { Button, Code, FileButton, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFileUpload, IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { applyPolicy, planPolicy } from '../data/writes.ts'
import { ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { PolicyPlanView } from './policy-plan.tsx'
import classes from './policy.module.css'

export function PolicyApply({ inForce }: { readonly inForce: number | null }) {
  const client = useQueryClient()
  const [text, setText] = useState('')
  // The plan is of exactly this text: after a change it has to be made again.
  const [planned, setPlanned] = useState<string | null>(null)
  const plan = useMutation({ mutationFn: planPolicy, onSuccess: (_, of) => setPlanned(of) })
  const apply = useMutation({
    mutationFn: applyPolicy,
    onSuccess: async ({ version }) => {
      notifications.show({ message: `Policy version ${version} is in force. Findings are judged again.` })
      setText('')
      setPlanned(null)
      plan.reset()
      await client.invalidateQueries()
    },
  })
  const current = planned !== null && planned === text ? plan.data : undefined
  const change = (next: string) => {
    setText(next)
    plan.reset()
    apply.reset()
  }
  const next = inForce === null ? 1 : inForce + 1
  return (
    <Panel
      title="Apply a new version"
      about={
        <>
          What happened is judged by the version in force at the time. Only the <Code>announced</Code> date of
          a new rule lets it reach back.
        </>
      }
    >
      <div className={classes.apply}>
        <Textarea
          label="Policy as YAML"
          description={`The next version is ${next}.`}
          placeholder={`version: ${next}\norganisation: Example Ltd\ntimezone: Asia/Shanghai\nrules:\n  - id: no-claude-code\n    tools: [claude-code]\n    verdict: banned\n    from: 2026-12-01`}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          minRows={9}
          maxRows={28}
          autosize
          spellCheck={false}
          classNames={{ input: 'mono' }}
        />
        <div className={classes.buttons}>
          <Button
            leftSection={<IconPlayerPlay size={17} aria-hidden />}
            disabled={text.trim() === ''}
            loading={plan.isPending}
            onClick={() => plan.mutate(text)}
            variant={current === undefined ? 'filled' : 'default'}
          >
            Try it out
          </Button>
          <FileButton accept=".yaml,.yml,.json" onChange={(file) => void file?.text().then(change)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileUpload size={17} aria-hidden />}>
                Load a file
              </Button>
            )}
          </FileButton>
        </div>
        {plan.error === null ? null : <ProblemNote error={plan.error} />}
        {current === undefined ? null : (
          <PolicyPlanView
            plan={current}
            applying={apply.isPending}
            onApply={() => apply.mutate(text)}
            onDiscard={() => change('')}
          />
        )}
        {apply.error === null ? null : <ProblemNote error={apply.error} />}
      </div>
    </Panel>
  )
}
