import fc from 'fast-check'
import { expect, test } from 'vitest'
import { xmlTokens } from '../../../../agent/parsers/xml-tokens.ts'

const told = (xml: string): string[] =>
  [...xmlTokens(xml)].map((token) =>
    token.is === 'text' ? `text ${token.text}` : `${token.is} ${token.element}${token.attributes}`,
  )

test.each([
  ['elements and text', '<a x="1">b</a>', ['open a x="1"', 'text b', 'close a']],
  ['an empty one', '<a:b-c/><d />', ['empty a:b-c', 'empty d ']],
  ['comments, instructions and declarations', '<?xml v?><!DOCTYPE p "x"><!-- <a> --><p/>', ['empty p']],
  ['what is marked as text', '<a><![CDATA[<b>]]></a>', ['open a', 'text <b>', 'close a']],
  ['a file that is cut off', '<a>text<b', ['open a', 'text text']],
  ['a comment without an end', '<a/><!-- <b/>', ['empty a']],
  ['what is no element', '1 < 2 > 1 <1>', ['text 1 ', 'text  1 ']],
  ['nothing', '', []],
])('%s', (_, xml, tokens) => {
  expect(told(xml)).toEqual(tokens)
})

test('all text of a document without marks is told', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const plain = text.replaceAll('<', '')
      expect(told(`<a>${plain}</a>`)).toEqual([
        'open a',
        ...(plain === '' ? [] : [`text ${plain}`]),
        'close a',
      ])
    }),
  )
})
