import fs from 'node:fs'
import path from 'node:path'
import { fillServerless, serverlessText, variablesOfRules } from '../../support/serverless'

const example = fs.readFileSync(path.join(__dirname, '../../../.env.example'), 'utf8')
const explained = new Map(
  [...example.matchAll(/^#? ?([A-Z][A-Za-z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name, value]),
)
const used = new Map(
  [...serverlessText.matchAll(/env\('([^']*)', '([^']*)'\)/g)].map(([, name, value]) => [name, value]),
)

/** `s` takes these from .env itself. */
const READ_BY_S = ['AccountID', 'AccessKeyID', 'AccessKeySecret']

test('.env.example explains every variable of s.yaml and eventbridge.yaml, and no other', () => {
  expect(used.size).toBeGreaterThan(30)
  expect([...explained.keys()].sort()).toEqual([...used.keys(), ...READ_BY_S, ...variablesOfRules].sort())
})

test('every variable has a default, so that check:environment has its turn before s gives up', () => {
  expect(() => fillServerless({})).not.toThrow()
  expect(serverlessText.match(/env\('/g)?.length).toBe(serverlessText.match(/env\('\w+', '[^']*'\)/g)?.length)
})

test('where both give a default, it is the same', () => {
  const differing = [...used].filter(([name, value]) => value !== '' && explained.get(name) !== value)
  expect(differing).toEqual([])
})
