/** What awslabs publishes for amazon-s3-find-and-forget: minutes and dollars of a whole job. */
const published = [
  { gigabytes: 100, objects: 15, minutes: 60, dollars: 0.98 },
  { gigabytes: 10_000, objects: 11_000, minutes: 150, dollars: 75.69 },
]

export interface Rates {
  /** Seconds of processor, all in all, for each gigabyte of objects that are rewritten. */
  cpuPerGigabyte: number
  /** Of an archive's bytes, the part that planning reads. */
  planned: number
  /** Seconds of processor for each row that goes, besides rewriting: leaf hashes, lists, marks, the start of commands. In no row of the table. */
  cpuPerRow: number
}

/** Assumed, and said beside the table. */
const assumed = {
  atOnce: 100,
  /** Threads that a worker's DuckDB has, as here. */
  processors: 2,
  /** Memory of a Lambda function that has about two processors. */
  gigabytesOfWorker: 4,
  /** Megabytes a second between a worker and S3, one way. */
  transfer: 100,
  minutesBeside: 10,
  /** PUT and LIST for each object: decision, rewrite, marks, leaf hashes, the object itself. */
  writesPerObject: 10,
}
/** Dollars in us-east-1, as infra/src/prices.ts has them: a GB and second of Lambda on arm64, a TB asked by Athena, 1,000 PUT or LIST. */
const [gbSecond, tb, per1000Writes] = [0.000_013_333_4, 5, 0.005]
/** Of a Lambda function: longer is not possible, and before and after must both be there. */
const [mostSeconds, mostGigabytes] = [900, 10]

export interface OnPaper {
  gigabytes: number
  objects: number
  secondsOfObject: number
  minutes: number
  dollars: number
  /** One object is too large for a Lambda function. */
  tooLarge: boolean
  published: { minutes: number; dollars: number }
}

/** The same shapes by rates that were measured here. A calculation: nothing of it has run in AWS. */
export function onPaper({ cpuPerGigabyte, planned }: Pick<Rates, 'cpuPerGigabyte' | 'planned'>): OnPaper[] {
  return published.map(({ gigabytes, objects, minutes, dollars }) => {
    const each = gigabytes / objects
    const secondsOfObject = (each * cpuPerGigabyte) / assumed.processors + (2 * each * 1000) / assumed.transfer
    return {
      gigabytes,
      objects,
      secondsOfObject,
      minutes: (secondsOfObject * Math.ceil(objects / assumed.atOnce)) / 60 + assumed.minutesBeside,
      dollars:
        secondsOfObject * objects * assumed.gigabytesOfWorker * gbSecond +
        (gigabytes / 1000) * planned * tb +
        (objects * assumed.writesPerObject * per1000Writes) / 1000,
      tooLarge: secondsOfObject > mostSeconds || 2 * each > mostGigabytes,
      published: { minutes, dollars },
    }
  })
}

export function printOnPaper(rates: Rates): void {
  console.log(
    `\nOn paper, at ${rates.cpuPerGigabyte.toFixed(0)} processor seconds a GB and planning that reads ${(100 * rates.planned).toFixed(1)}% of the bytes, as measured here. Assumed:
${assumed.atOnce} workers at once of ${assumed.processors} processors and ${assumed.gigabytesOfWorker} GB at the price of Lambda on arm64, ${assumed.transfer} MB/s each way to S3, ${assumed.minutesBeside} minutes for planning and
verification, every object rewritten. To it come ${((rates.cpuPerRow * 1e6) / 60).toFixed(0)} processor minutes for each million rows that are destroyed. None of it has run in AWS, and what is published was measured by others, at another time, with other workers.`,
  )
  for (const { gigabytes, objects, minutes, dollars, secondsOfObject, tooLarge, published: theirs } of onPaper(rates))
    console.log(
      `  ${gigabytes.toLocaleString('en')} GB in ${objects.toLocaleString('en')} objects: ${minutes.toFixed(0)} min, $${dollars.toFixed(2)}, ${secondsOfObject.toFixed(0)} s an object${tooLarge ? ', too much for a Lambda function: a machine of that price' : ''}. amazon-s3-find-and-forget, as published: ${theirs.minutes} min, $${theirs.dollars}`,
    )
}
