import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../../src/codec/validate/pattern/compile-pattern.js'
import { fieldChecker } from './fixture.js'

// Where time grew faster than the text, these would not end before the test is given up.
const LONG = 500_000

describe('texts made to take long', () => {
  it.each([
    ['email', `${'a'.repeat(LONG)}!@`],
    ['email', `a@${'a.'.repeat(LONG)}`],
    ['email', `a@${'a-'.repeat(LONG)}`],
    ['hostname', `${'a.'.repeat(LONG)}_`],
    ['uri', `http://${'%41'.repeat(LONG)}%`],
    ['uri', `http://${'a@'.repeat(LONG)}`],
    ['uri', `http://[${':'.repeat(LONG)}]`],
    ['uri', `a:${'/'.repeat(LONG)} `],
    ['uri_ref', `${'../'.repeat(LONG)} `],
    ['ip', ':'.repeat(LONG)],
    ['ip', '1.'.repeat(LONG)],
    ['ip_prefix', `${'0/'.repeat(LONG)}1`],
    ['host_and_port', `[${'['.repeat(LONG)}`],
    ['protobuf_fqn', `${'a.'.repeat(LONG)}`],
  ])('%s', (rule, text) => {
    expect(fieldChecker('string', `string.${rule} = true`)(text)).toEqual([`string.${rule}`])
  })

  it.each([
    ['^(a+)+$', 'a', '!'],
    ['^(a|aa)*$', 'a', '!'],
    ['^(.*)*,(.*)*;$', 'a,', '!'],
    ['(x+x+)+y', 'x', ''],
    ['^(a?){30}a{30}$', 'a', ''],
  ])('the pattern %s', (pattern, part, end) => {
    expect(compilePattern(pattern, 'p')(part.repeat(LONG / 10) + end)).toBe(false)
  })
})

describe('patterns', () => {
  it.each<[pattern: string, good: string[], bad: string[]]>([
    ['', ['', 'a'], []],
    ['b', ['abc'], ['ac', '']],
    ['^a', ['ab'], ['ba']],
    ['a$', ['ba'], ['ab', 'a\n']],
    ['^a|b$', ['ac', 'cb'], ['ca']],
    ['^[a-c]{2,3}$', ['ab', 'abc'], ['a', 'abca', 'ad']],
    ['^[^a-c]$', ['d', '😀'], ['a', '']],
    ['^[]a-]+$', [']-a'], ['b']],
    ['^a.c$', ['abc', 'a😀c'], ['a\nc', 'ac']],
    ['(?s)^a.c$', ['a\nc'], []],
    ['(?i)^Straße$', ['STRAßE'.replace('ẞ', 'ß')], ['strasse']],
    ['^(?i:a)b$', ['Ab'], ['AB']],
    ['(?m)^b$', ['a\nb\nc'], ['ab']],
    ['^\\d\\D\\w\\W\\s\\S$', ['1aa! a'], ['1aa!\u000ba']],
    ['^[\\d\\-x]+$', ['1-x'], ['a']],
    ['\\bfoo\\b', ['a foo!', 'foo'], ['afoo', 'foo_']],
    ['foo\\B', ['foot'], ['foo']],
    ['^\\pL+\\p{Greek}\\P{L}$', ['aβ1', 'éβ-'], ['ab1']],
    ['^[[:alpha:][:digit:]_]+[[:^space:]]$', ['a1_!'], ['a ']],
    ['^\\x41\\x{1F600}\\101\\n\\.$', ['A😀A\n.'], ['A']],
    ['^\\Qa.b*\\E+$', ['a.b**'], ['axb']],
    ['\\Aa\\z', ['a'], ['a\n']],
    ['^(?P<year>\\d{4})-(?<month>\\d{2})$', ['2026-01'], ['26-1']],
    ['^(a*?)(b+?)c??$', ['bbc', 'ab'], ['a']],
    ['^a{2}$|^a{4,}$', ['aa', 'aaaaa'], ['aaa']],
    ['^a{,2}$', ['a{,2}'], ['a']],
    ['^(|a)+b$', ['b', 'aab'], ['a']],
  ])('%s', (pattern, good, bad) => {
    const matches = compilePattern(pattern, 'p')
    for (const text of good) expect([text, matches(text)]).toEqual([text, true])
    for (const text of bad) expect([text, matches(text)]).toEqual([text, false])
  })

  it.each([
    '(',
    ')',
    '[',
    '[a',
    '[b-a]',
    '*',
    'a**',
    'a{2}{3}',
    'a{1001}',
    'a{3,2}',
    '(?=a)',
    '(?<!a)',
    '\\1',
    '\\',
    '\\p{Nope}',
    '[[:nope:]]',
    '(?x)a',
    '(((){1000}){1000}){1000}',
    '((a{100}){100}){100}',
    '\\C',
  ])('refuses %s, as RE2 does', (pattern) => {
    expect(() => compilePattern(pattern, 'here')).toThrow(/^here is no pattern of RE2/)
  })

  it('finds the same again, whatever it was asked before', () => {
    const matches = compilePattern('^(?:[ab]*a[ab]{9}|c)$', 'p')
    // More states than are kept.
    for (let number = 0; number < 3000; number++) {
      const text = number.toString(2).padStart(12, '0').replaceAll('0', 'a').replaceAll('1', 'b')
      expect(matches(text)).toBe(/^[ab]*a[ab]{9}$/.test(text))
    }
  })
})
