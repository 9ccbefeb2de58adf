// Which release a checkout is: its version, and when its commit was made.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Release } from './release.ts'

/**
 * @param root the checkout
 * @param asVersion in place of package.json's
 */
export function releaseOf(root: string, asVersion?: string): Release {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string } // our own
  const set = process.env['SOURCE_DATE_EPOCH']
  const at = set ?? execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' })
  return { version: asVersion ?? version, at: Number(at) }
}
