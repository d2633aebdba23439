/**
 * A name within a plain text that goes elsewhere. One whose script runs from right to left is put between Unicode's isolates, so
 * that what follows it in the sentence stays where it is; any other name is left alone.
 */
export function isolated(text: string): string {
  const runsLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text)
  return runsLeft ? `\u2068${text}\u2069` : text
}
