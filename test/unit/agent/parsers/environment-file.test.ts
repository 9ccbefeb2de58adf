import { expect, test } from 'vitest'
import { parseEnvironmentProxy } from '../../../../agent/parsers/environment-file.ts'

// The lines were given to pam_env itself too (Linux-PAM 1.5.2 of Debian 12, 2026-11-23), which sets the same.
test.each<[string, string, [string | null, string | null, string]]>([
  ['a plain line', 'https_proxy=http://p:1', [null, 'http://p:1/', '']],
  ['an exported one in capitals', 'export HTTPS_PROXY=http://p:1', [null, 'http://p:1/', '']],
  ['quotes', `https_proxy="http://p:1"\nhttp_proxy='http://q'`, ['http://q/', 'http://p:1/', '']],
  ['a quote that is not closed', 'https_proxy="http://p:1', [null, 'http://p:1/', '']],
  ['comments', '# https_proxy=http://a\nhttps_proxy=http://p:1 # ours', [null, 'http://p:1/', '']],
  ['the last of several', 'https_proxy=http://a\nhttps_proxy=http://p:1', [null, 'http://p:1/', '']],
  ['the lower-case one', 'HTTPS_PROXY=http://a\nhttps_proxy=http://p:1', [null, 'http://p:1/', '']],
  ['the one that is not empty', 'https_proxy=\nHTTPS_PROXY=http://p:1', [null, 'http://p:1/', '']],
  ['no scheme', 'https_proxy=p:1', [null, 'http://p:1/', '']],
  ['lines with CRLF', 'https_proxy=http://p:1\r\nno_proxy=a, b\r\n', [null, 'http://p:1/', 'a,b']],
  ['a line that goes on', 'no_proxy=a,\\\n  b,\\\n# not this\n  c\nX=1', [null, null, 'a,b,c']],
  ['a comment that does not', '# x \\\nhttps_proxy=http://p:1', [null, 'http://p:1/', '']],
  ['networks', 'no_proxy=10.0.0.0/8,.example.com', [null, null, '10.0.0.0-10.255.255.255,.example.com']],
  ['nothing like it', 'all_proxy=http://p\nhttps_proxy http://p\n https proxy=x\n=\n\\', [null, null, '']],
  ['nothing', '', [null, null, '']],
])('%s', (_, text, expected) => {
  const { http, https, bypass, passedOver } = parseEnvironmentProxy(text)
  expect([http, https, bypass.join(',')]).toEqual(expected)
  expect(passedOver).toEqual([])
})
