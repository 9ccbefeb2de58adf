// Several of a few: buttons that stay pressed.
import type { ReactNode } from 'react'
import classes from './filter-bar.module.css'

interface Option<T extends string> {
  readonly value: T
  readonly label: string
  readonly icon?: ReactNode
}

interface FilterChipsProps<T extends string> {
  readonly label: string
  readonly options: readonly Option<T>[]
  readonly chosen: readonly T[]
  readonly onChoose: (chosen: readonly T[]) => void
}

export function FilterChips<T extends string>({ label, options, chosen, onChoose }: FilterChipsProps<T>) {
  return (
    <div role="group" aria-label={label} className={classes.chips}>
      {options.map((option) => {
        const pressed = chosen.includes(option.value)
        return (
          <button
            key={option.value}
            type="button"
            className={classes.chip}
            aria-pressed={pressed}
            onClick={() =>
              onChoose(pressed ? chosen.filter((one) => one !== option.value) : [...chosen, option.value])
            }
          >
            {option.icon}
            {option.label}
          </button>
        )
      })}
    </div>
  )
}
