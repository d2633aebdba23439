/** The command line `muniment`: a thin composition root; each command is loaded only when it is called. */
import { Command, Option } from 'commander'
import { report } from './report.ts'

const program = new Command('muniment')
  .description(
    'Keeps the records of retired business systems searchable, provable and, when their time is up, provably gone.',
  )
  .version('0.1.0')
  .showHelpAfterError('(`muniment help` lists the commands)')

const json = () => new Option('--json', 'print one JSON document and nothing else')
const application = () =>
  new Option(
    '--application <name>',
    'the application, as its folder below query-templates is named',
  ).makeOptionMandatory()
const collect = (value: string, previous: string[]) => [...previous, value]

program
  .command('start')
  .description('serve the product on this machine')
  .option('--port <number>', 'port to listen on (also PORT; default 8080)')
  .option('--sample [policies]', 'load the sample system first when the archive is empty (50000 policies unless said)')
  .action(async (options) => (await import('./commands/start.ts')).start(options))

program
  .command('sample')
  .description("write what a sample system's export would be: CSV files and their manifest")
  .argument('<system>', 'pas: a policy administration system')
  .requiredOption('--policies <number>', 'how many policies')
  .option('--seed <number>', 'the same seed gives the same files', '1')
  .requiredOption('--out <folder>', 'an empty folder to write into')
  .addOption(json())
  .action(async (system, options) => (await import('./commands/sample.ts')).sample(system, options))

program
  .command('ingest')
  .description('load a delivery (CSV or Parquet) into the archive, reconciled')
  .addOption(application())
  .requiredOption('--from <folder>', 'the folder that holds the delivery')
  .option('--accept-without-manifest', 'load although nobody said what was delivered; it is noted in the report')
  .addOption(json())
  .action(async (options) => (await import('./commands/ingest.ts')).ingestCommand(options))

program
  .command('crawl')
  .description('read what is in the archive, renew the catalog and compare it with the model')
  .addOption(application())
  .addOption(json())
  .action(async (options) => (await import('./commands/crawl.ts')).crawl(options))

const templates = program.command('templates').description('query templates and use cases')
templates
  .command('check')
  .description('check models, queries, views and use cases, against the catalog and in the engine too')
  .argument('[application]', 'all applications where none is named')
  .option('--examples', 'run the examples as well and compare what they find')
  .addOption(json())
  .action(async (name, options) => (await import('./commands/templates-check.ts')).templatesCheck(name, options))

program
  .command('search')
  .description('run a use case and print what it finds')
  .argument('<application>')
  .argument('<use-case>')
  .option('--input <name=value>', 'an input; several times for several, the same name again for a list', collect, [])
  .option('--panel <name>', 'which panel to print (all, for JSON; else the first)')
  .option('--purpose <text>', 'what for', 'command line')
  .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json', 'csv']).default('table'))
  .action(async (name, useCase, options) => (await import('./commands/search.ts')).search(name, useCase, options))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
