import { describe, expect, test } from 'vitest'
import { configCollector } from '../../../../agent/collectors/config.ts'
import { aNow, fakeHost } from '../../../helpers/fake-host.ts'
import { inShort, look, observed } from '../../../helpers/scan-context.ts'

describe('settings', () => {
  const wanted = {
    config: [
      { place: '~/.tool.json', ...observed },
      { place: '~/.tool/*/settings.json', ...observed },
      { place: '~/.config/tool', ...observed },
      { place: '/etc/tool.conf', ...observed },
    ],
  }

  test('that they are there, how large and of when, and nothing of what is in them', async () => {
    const host = fakeHost({
      files: {
        '/home/ann/.tool.json': { content: '{"key":"secret"}', modifiedAt: aNow - 1000 },
        '/home/ann/.tool/a/settings.json': { content: '{}', modifiedAt: aNow - 2000 },
        '/home/ann/.config/tool/x': '',
        '/etc/tool.conf': 'x',
      },
    })
    const opened: string[] = []
    host.beforeOpen = (path) => void opened.push(path)

    const { observations } = await look(configCollector, host, { wanted })

    expect(
      observations.map(({ account, place, bytes, modifiedAt }) => [account, place, bytes, modifiedAt]),
    ).toEqual([
      [null, '/etc/tool.conf', 1, aNow - 86_400_000],
      ['ann', '~/.tool.json', 16, aNow - 1000],
      ['ann', '~/.tool/a/settings.json', 2, aNow - 2000],
      ['ann', '~/.config/tool', null, null],
    ])
    expect(opened.filter((path) => !path.startsWith('/proc') && !path.endsWith('.tool'))).toEqual([
      '/etc/passwd',
      '/etc/login.defs',
      '/root',
      '/home/ann',
      '/home',
    ])
  })

  test('a link out of the home is a gap', async () => {
    const { observations, gaps } = await look(
      configCollector,
      fakeHost({ files: { '/home/ann/.tool.json': { link: '/etc/shadow' } } }),
      {
        wanted,
      },
    )
    expect(observations).toEqual([])
    expect(gaps.map(inShort)).toEqual(['ann outside-home /etc'])
  })
})
