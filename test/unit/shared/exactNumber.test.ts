import { isLosslessNumber } from 'lossless-json'
import { exactNumber } from '../../../shared/json'

const ZEROS = '0'.repeat(399)

test.each<[string, number]>([
  ['12', 12],
  ['-1.5', -1.5],
  ['1.0', 1],
  ['0.10', 0.1],
  ['1E+2', 100],
  ['1e21', 1e21],
  ['1.5e-7', 1.5e-7],
  ['0.0', 0],
  ['0.0e5', 0],
  ['0x1F', 31],
  ['x', Number.NaN],
])('%s is JavaScript’s %d', (text, number) => {
  expect(exactNumber(text)).toBe(number)
})

test.each([
  ['9007199254740993', '9007199254740993'],
  ['-9007199254740993', '-9007199254740993'],
  ['9007199254740993.0', '9007199254740993'],
  ['9.007199254740993e15', '9007199254740993'],
  ['9007199254740993000e-3', '9007199254740993'],
  ['123456789012345678000', '123456789012345678000'],
  ['123456789012345678E3', '123456789012345678000'],
  ['0.00012345678901234567890', '0.0001234567890123456789'],
  ['1234567890123456789e-5', '12345678901234.56789'],
  ['123456789012345678e-18', '0.123456789012345678'],
  ['123456789012345678e-20', '0.00123456789012345678'],
  // as long as one is written out
  ['1e399', `1${ZEROS}`],
  ['1e400', '1e400'],
  ['10e399', '1e400'],
  ['1e-400', `0.${ZEROS}1`],
  ['1e-401', '1e-401'],
  ['1e999999999', '1e999999999'],
])('%s is none of JavaScript’s, and one of lossless-json: %s', (text, spelling) => {
  const number = exactNumber(text)
  expect([isLosslessNumber(number), String(number)]).toEqual([true, spelling])
})
