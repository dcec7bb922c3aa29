import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clipTo, fitTo, widthOf } from '../../src/cli/_text.ts'

const test = suite('text on a terminal')

function takes(cells: number, text: string, what: string): void {
  test(`${what} take ${cells}`, () => assert.is(widthOf(text), cells))
}

takes(0, '', 'no letters')
takes(5, 'price', 'five letters')
takes(6, 'Zażółć', 'Polish letters')
takes(6, 'Zażółć'.normalize('NFD'), 'letters with marks of their own')
takes(4, '価格', 'two Han characters')
takes(4, 'カナ', 'two katakana')
takes(2, 'ｶﾅ', 'two half-width katakana')
takes(4, '한글', 'two syllables of hangul')
takes(2, '한', 'a syllable out of three jamo')
takes(2, '😀', 'an emoji')
takes(2, '👩‍👩‍👧', 'a family')
takes(2, '❤️', 'a heart with a colour')
takes(2, '🇵🇱', 'the two letters of a flag')
takes(2, '！', 'a full-width mark')
takes(4, 'שלום', 'Hebrew letters')

test('clipping shows that something is missing', () => {
  assert.is(clipTo('price', 5), 'price')
  assert.is(clipTo('prices', 5), 'pric…')
  assert.is(clipTo('価格価格', 8), '価格価格')
  assert.is(clipTo('価格価格', 7), '価格価…')
  assert.is(clipTo('価格価格', 6), '価格…')
  assert.is(clipTo('a👩‍👩‍👧b', 3), 'a…')
  assert.is(clipTo('ab', 1), '…')
  assert.is(clipTo('ab', 0), '')
})

test('whatever it is, it fits exactly', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme-ascii' }))
  fc.assert(
    fc.property(text, fc.nat(40), fc.boolean(), (given, width, right) => {
      assert.is(widthOf(fitTo(given, width, right)), width)
    })
  )
})

test('fills in front of numbers', () => {
  assert.is(fitTo('12', 4, true), '  12')
  assert.is(fitTo('12', 4), '12  ')
})

test.run()
