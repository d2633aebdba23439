import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateFault } from '../src/lib/date-words.ts'
import { isCalendarDate, readDate } from '../src/lib/read-date.ts'

const languages = ['en', 'de', 'fr']
const day = (text: string) => ({ kind: 'date', day: text })

describe('readDate', () => {
  it.each([
    '5 Jul 2024',
    '05 July 2024',
    '5th of July, 2024',
    'Jul 5, 2024',
    '5-Jul-2024',
    '5jul2024',
    '5. Juli 2024',
    '5 juillet 2024',
    '2024 Jul 5',
    '05.07.2024',
    '5.7.2024',
    '5. 7. 2024',
    '2024-07-05',
    ' 2024-7-5 ',
    '2024/07/05',
    '20240705',
    '２０２４-０７-０５',
    '5\u00a0Jul\u00a02024',
  ])('reads %s as the fifth of July', (typed) => {
    expect(readDate(typed, languages)).toEqual(day('2024-07-05'))
  })

  it('understands months with marks, and by their beginning', () => {
    expect(readDate('3. März 2020', languages)).toEqual(day('2020-03-03'))
    expect(readDate('3 Sept 2020', languages)).toEqual(day('2020-09-03'))
    expect(readDate('3 février 2020', languages)).toEqual(day('2020-02-03'))
    expect(readDate('3 février 2020', ['en'])).toEqual({ kind: 'unreadable' })
  })

  it('takes day and month apart where one of them cannot be a month', () => {
    expect(readDate('25/07/2024', languages)).toEqual(day('2024-07-25'))
    expect(readDate('07/25/2024', languages)).toEqual(day('2024-07-25'))
    expect(readDate('25072024', languages)).toEqual(day('2024-07-25'))
    expect(readDate('05/05/2024', languages)).toEqual(day('2024-05-05'))
  })

  it.each(['05/07/2024', '5-7-2024', '5 7 2024', '05072024'])('refuses to guess at %s', (typed) => {
    expect(readDate(typed, languages)).toEqual({ kind: 'ambiguous', days: ['2024-07-05', '2024-05-07'] })
  })

  it.each(['5.7.24', '05/07/24', '5 Jul 24', '050724'])('asks for the century of %s', (typed) => {
    expect(readDate(typed, languages)).toEqual({ kind: 'short-year' })
  })

  it.each(['31.02.2024', '29 Feb 2023', '2024-13-01', '32/13/2024'])('says that there is no %s', (typed) => {
    expect(readDate(typed, languages)).toEqual({ kind: 'impossible' })
  })

  it.each(['', '31', 'soon', 'Jul 2024', '5 Ju 2024', '5 juin juillet 2024', '5 jui 2024', '1/2/3/2024', '2024-07'])(
    'does not read %s',
    (typed) => {
      expect(readDate(typed, languages)).toEqual({ kind: 'unreadable' })
    },
  )

  it('reads back every day that the product writes, in both styles and with points', () => {
    const long = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10)
          const [year, month, of] = iso.split('-')
          for (const typed of [iso, long.format(date), `${of}.${month}.${year}`]) {
            expect(readDate(typed, languages)).toEqual(day(iso))
          }
        },
      ),
    )
  })

  it('never gives a day that is not in the calendar, whatever is typed', () => {
    const typed = fc.oneof(fc.string(), fc.stringMatching(/^[0-9./ -]{5,12}$/), fc.stringMatching(/^[0-9a-z .]{5,14}$/))
    fc.assert(
      fc.property(typed, (text) => {
        const reading = readDate(text, languages)
        expect(reading.kind !== 'date' || isCalendarDate(reading.day)).toBe(true)
      }),
    )
  })
})

describe('dateFault', () => {
  it('names both days of an ambiguous date, and how to say which', () => {
    expect(dateFault('Valid on', '05/07/2024', 'iso')).toBe(
      'Valid on could be 5 Jul 2024 or 7 May 2024. Write the month as a word.',
    )
  })

  it('shows an example in the style of the person', () => {
    expect(dateFault('Valid on', 'soon', 'iso')).toMatch(/such as 2024-07-05\.$/)
    expect(dateFault('Valid on', '5.7.24', 'long')).toMatch(/such as 5 Jul 2024\.$/)
  })

  it('finds nothing wrong with a day', () => {
    expect(dateFault('Valid on', '2024-07-05', 'long')).toBeUndefined()
  })
})

describe('isCalendarDate', () => {
  it('agrees with the calendar for every day there is', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(isCalendarDate(date.toISOString().slice(0, 10))).toBe(true)
        },
      ),
    )
  })

  it.each(['2023-02-29', '2024-13-01', '2024-00-10', '2024-1-1', '0000-01-01', '2024-04-31', ''])(
    'refuses %s',
    (day) => {
      expect(isCalendarDate(day)).toBe(false)
    },
  )
})
