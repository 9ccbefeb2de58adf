// What npm and the tools say, shortened; hosts and paths are examples.
import { describe, expect, test } from 'vitest'
import { isNotInRegistry, startOutcome, whyInstallFailed, type Ended } from '../../../catalogue/outcomes.ts'

const ended = (part: Partial<Ended>): Ended => ({
  exitCode: 1,
  timedOut: false,
  stdout: '',
  stderr: '',
  ...part,
})

describe('asking a command for its version', () => {
  test.each<[string, Partial<Ended>, string]>([
    ['ends well and says something', { exitCode: 0, stdout: '0.36.0\n' }, 'answered'],
    ['says it on the other stream', { exitCode: 0, stderr: 'tool 1.2\n' }, 'answered'],
    ['ends well and says nothing', { exitCode: 0 }, 'failed'],
    ['ends badly', { exitCode: 2, stderr: 'error: unknown option --version' }, 'failed'],
    ['is killed by the limit', { exitCode: null, timedOut: true, stdout: 'Welcome!' }, 'timed-out'],
    ['wants to download', { stderr: 'Error: getaddrinfo EAI_AGAIN downloads.example' }, 'needs-network'],
    [
      'wants to ask which is the newest',
      { stderr: 'Please check your internet connection' },
      'needs-network',
    ],
    [
      'is a script for another program',
      { stderr: '/usr/bin/env: ‘bun’: No such file or directory' },
      'needs-more',
    ],
    ['starts a module of another package', { stderr: 'python3: No module named example' }, 'needs-more'],
    ['lacks its native program', { stderr: 'Error: Example native binary not installed.' }, 'needs-more'],
    ['says so in Rust', { stderr: 'error sending request for url (https://example/)' }, 'needs-network'],
  ])('that %s', (_, part, outcome) => {
    expect(startOutcome(ended(part))).toBe(outcome)
  })
})

test.each<[string, Partial<Ended>, boolean]>([
  [
    'npm’s answer for a name that is not there',
    { stderr: 'npm error code E404\nnpm error 404 Not Found' },
    true,
  ],
  ['a registry that is out of reach', { stderr: 'npm error code ENOTFOUND' }, false],
  ['an answer', { exitCode: 0, stdout: '{"version":"1.0.0"}' }, false],
])('not in the registry: %s', (_, part, expected) => {
  expect(isNotInRegistry(ended(part))).toBe(expected)
})

describe('why an installation failed', () => {
  test.each<[string, Partial<Ended>, string]>([
    ['the limit', { exitCode: null, timedOut: true }, 'not done after 4 minutes'],
    ['npm’s own code', { stderr: 'npm error code EBADENGINE\nnpm error engine …' }, 'not for this Node'],
    ['a code without words of ours', { stderr: 'npm error code EWHATEVER' }, 'npm: EWHATEVER'],
    [
      'a dependency out of a repository',
      {
        exitCode: 128,
        stderr:
          'npm error code 128\nnpm error An unknown git error occurred\nnpm error command git ls-remote',
      },
      'a dependency is fetched with git, from elsewhere',
    ],
    ['nothing known', { exitCode: 7, stderr: 'something else' }, 'npm ended with status 7'],
    [
      'an install script that downloads',
      {
        stderr:
          'npm error code 1\nnpm error path /home/somebody/x\nnpm error command failed\nnpm error command sh -c node install.js\nnpm error Error: getaddrinfo ENOTFOUND releases.example',
      },
      'its install script fetches from a host that was out of reach',
    ],
    [
      'one that compiles',
      { stderr: 'npm error code 1\nnpm error command failed\nnpm error gyp ERR! build error' },
      'its native part did not compile',
    ],
    [
      'one that compiles and has no headers',
      {
        stderr:
          'npm error code 1\nnpm error command failed\nnpm error gyp ERR! configure error\nnpm error gyp ERR! stack is related to network connectivity.',
      },
      'its native part is compiled, with headers of Node from a host that was out of reach',
    ],
    [
      'one that fetches a package of its own',
      {
        stderr: 'npm error command failed\nnpm error npm error code ETARGET\nnpm error npm error notarget …',
      },
      'its install script needs a package that is not in the registry',
    ],
    [
      'one that needs another program',
      { stderr: 'npm error code 127\nnpm error command failed\nnpm error sh: 1: bun: not found' },
      'its install script needs bun',
    ],
    [
      'one that says nothing',
      { stderr: 'npm error code 1\nnpm error command failed\nnpm error command sh -c node x.js' },
      'its install script failed',
    ],
  ])('%s', (_, part, why) => {
    expect(whyInstallFailed(ended(part), 4)).toBe(why)
  })
})
