import exceljs from 'exceljs'

export type CellValue = exceljs.CellValue

/** Sheets of a workbook by name, each as its rows; a row is its cells from the first column on. */
export async function readWorkbook(file: string): Promise<Map<string, CellValue[][]>> {
  const workbook = new exceljs.Workbook()
  await workbook.xlsx.readFile(file)
  return new Map(
    workbook.worksheets.map((sheet) => {
      const rows: CellValue[][] = []
      sheet.eachRow({ includeEmpty: false }, (row) => {
        const values = Array.isArray(row.values) ? row.values.slice(1) : []
        rows.push(Array.from(values, (value) => value ?? null))
      })
      return [sheet.name, rows] as const
    }),
  )
}
