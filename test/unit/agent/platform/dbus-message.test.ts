// What a bus may say: whole, in pieces, in either order of bytes, or nonsense.
import { expect, test } from 'vitest'
import fc from 'fast-check'
import { decodeMessage, encodeCall, Marshal, wordsIn } from '../../../../agent/platform/dbus-message.ts'
import { socketsOf } from '../../../../agent/platform/session-bus.ts'

/** An answer to call 7 with the words `body` and `image`. */
const answer = Buffer.from(
  '6c0201011a0000000900000010000000' + // little-endian, answer, 26 bytes of body, serial 9, 16 bytes of fields
    '0501750007000000' + // to 7
    '0801670002617300' + // signature as
    '16000000' + // 22 bytes of list
    '04000000626f647900000000' +
    '05000000696d61676500',
  'hex',
)

test('an answer is read once it is whole', () => {
  for (let size = 0; size < answer.length; size++) expect(decodeMessage(answer.subarray(0, size))).toBeNull()
  const decoded = decodeMessage(Buffer.concat([answer, Buffer.from('l')]))
  if (decoded === null || decoded === 'broken') throw new Error('not read')
  expect(decoded).toMatchObject({ size: answer.length, message: { to: 7, error: null, signature: 'as' } })
  expect(wordsIn(decoded.message)).toEqual(['body', 'image'])
})

test('the other order of bytes is read too', () => {
  const big = Buffer.from(
    '4203010100000000000000020000001c' +
      '0501750000000007' +
      '04017300' +
      '00000007' +
      '612e622e632e64' +
      '00' +
      '00'.repeat(4),
    'hex',
  )
  big.writeUInt32BE(8 + 4 + 4 + 8, 12)
  expect(decodeMessage(big)).toMatchObject({ message: { to: 7, error: 'a.b.c.d', littleEndian: false } })
})

test('what is no message is said to be none, and never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 200 }), (bytes) => {
      bytes[0] = 0x6c
      const decoded = decodeMessage(Buffer.from(bytes))
      const words = decoded === null || decoded === 'broken' ? [] : wordsIn(decoded.message)
      expect(words).toBeInstanceOf(Array)
    }),
  )
  expect(decodeMessage(Buffer.alloc(16, 'x'))).toBe('broken')
  const huge = Buffer.from(answer)
  huge.writeUInt32LE(0x7fffffff, 4)
  expect(decodeMessage(huge)).toBe('broken')
})

test('a call is laid out as the specification says', () => {
  const call = {
    destination: 'a.b',
    path: '/p',
    interface: 'a.b',
    member: 'M',
    signature: 's',
    body: new Marshal().string('x\0y').done(),
  }
  expect(encodeCall(call, 3).toString('hex')).toBe(
    '6c010001' +
      '07000000' +
      '03000000' +
      '47000000' +
      '01016f00' +
      '02000000' +
      '2f7000' +
      '0000000000' +
      '02017300' +
      '03000000' +
      '612e6200' +
      '00000000' +
      '03017300' +
      '01000000' +
      '4d00' +
      '000000000000' +
      '06017300' +
      '03000000' +
      '612e6200' +
      '00000000' +
      '08016700' +
      '017300' +
      '00' +
      '02000000' +
      '787900',
  )
})

test.each<[Record<string, string>, readonly string[]]>([
  [{}, []],
  [{ XDG_RUNTIME_DIR: '/run/user/7' }, ['/run/user/7/bus']],
  [{ XDG_RUNTIME_DIR: 'run' }, []],
  [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/7/bus', XDG_RUNTIME_DIR: '/x' }, ['/run/user/7/bus']],
  [
    { DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/tmp/dbus%2dx,guid=1;unix:guid=2,path=/b' },
    ['\0/tmp/dbus-x', '/b'],
  ],
  [{ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=example.com,port=1;unixexec:path=/bin/sh' }, []],
  [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/a%' }, []],
])('by %j the bus may be at %j', (env, paths) => {
  expect(socketsOf(env)).toEqual(paths)
})
