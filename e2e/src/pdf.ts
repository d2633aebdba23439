import { getDocumentProxy } from 'unpdf'

export interface PdfPage {
  /** Points. */
  width: number
  height: number
  /** In the order of the file, blanks between pieces. */
  text: string
  pieces: { text: string; left: number; right: number; baseline: number }[]
}

export async function readPdf(bytes: Buffer): Promise<PdfPage[]> {
  const document = await getDocumentProxy(new Uint8Array(bytes))
  const pages: PdfPage[] = []
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const { width, height } = page.getViewport({ scale: 1 })
    const content = await page.getTextContent()
    const pieces = content.items.flatMap((item) =>
      'str' in item && item.str.trim() !== ''
        ? [
            {
              text: item.str,
              left: item.transform[4],
              right: item.transform[4] + item.width,
              baseline: item.transform[5],
            },
          ]
        : [],
    )
    pages.push({
      width,
      height,
      text: pieces
        .map((piece) => piece.text)
        .join(' ')
        .replace(/\s+/g, ' '),
      pieces,
    })
  }
  await document.destroy()
  return pages
}
