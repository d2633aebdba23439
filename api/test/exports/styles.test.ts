import { describe, expect, it } from 'vitest'
import { stylesXml } from '../../src/exports/xlsx/xml.ts'

describe('the styles of a workbook', () => {
  it('name the default one: readers that find none make one up and warn', () => {
    const xml = stylesXml(['@'])
    expect(xml).toContain('<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>')
    // The order that the format prescribes.
    expect(xml.indexOf('</cellXfs>')).toBeLessThan(xml.indexOf('<cellStyles'))
  })
})
