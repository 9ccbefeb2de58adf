// The product's mark and name: a hollow dot before a line, a full one after it.
import classes from './shell.module.css'

export function Logo() {
  return (
    <span className={classes.logo}>
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#1d2b4f" />
        <path d="M16 5v22" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" />
        <circle cx="8.6" cy="16" r="3" fill="none" stroke="#9db2e8" strokeWidth="2" />
        <circle cx="23.4" cy="16" r="4" fill="#ff8a5c" />
      </svg>
      Cutoff
    </span>
  )
}
