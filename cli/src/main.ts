/** The command line `muniment`: a thin composition root; each command is loaded only when it is called. */
import { Command, Option } from 'commander'
import { report } from './report.ts'

const program = new Command('muniment')
  .description(
    'Keeps the records of retired business systems searchable, provable and, when their time is up, provably gone.',
  )
  .version('0.1.0')
  // Behind a command, --version is the command's own.
  .enablePositionalOptions()
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

program
  .command('upload')
  .description('bring the loads of the data folder into the bucket that MUNIMENT_BUCKET names (docs/aws-loading.md)')
  .addOption(application())
  .option('--no-crawl', 'leave the catalog as it is; searches see what is new after the next crawl')
  .addOption(json())
  .action(async (options) => (await import('./commands/upload.ts')).uploadCommand(options))

program
  .command('publish')
  .description('put models, templates and the web application in force in AWS, if the templates check')
  .option('--application <name>', 'this one only; else those of MUNIMENT_APPLICATIONS, or all')
  .option('--rules <file>', "the operator's first access rules, where there are none yet")
  .option('--skip-examples', 'do not run the examples first; the log says that they were skipped')
  .option('--examples-gb <number>', 'GB that all examples together may read', '20')
  .addOption(json())
  .action(async (options) => (await import('./commands/publish.ts')).publish(options))

const templates = program.command('templates').description('query templates and use cases')
templates
  .command('check')
  .description('check models, queries, views and use cases, against the catalog and in the engine too')
  .argument('[application]', 'all applications where none is named')
  .option('--examples', 'run the examples as well and compare what they find')
  .addOption(json())
  .action(async (name, options) => (await import('./commands/templates-check.ts')).templatesCheck(name, options))

const access = program.command('access').description('the access rules: who may see what')
access
  .command('explain')
  .description('say why somebody may see a use case or a record, or may not')
  .argument('<who>', 'a person, or groups with commas between')
  .argument('<what>', 'a use case, or a record as table:key')
  .option('--groups <names>', 'the groups that the person has, with commas between')
  .option('--application <name>', 'where several applications have it')
  .option('--at <moment>', 'by the rules in force then (now unless said)')
  .addOption(json())
  .action(async (who, what, options) =>
    (await import('./commands/access-explain.ts')).accessExplain(who, what, options),
  )
access
  .command('report')
  .description('say which groups could see what at a moment')
  .option('--at <moment>', 'a date or a moment with its zone (now unless said)')
  .option('--application <name>', 'this one only')
  .addOption(json())
  .action(async (options) => (await import('./commands/access.ts')).accessReportCommand(options))
access
  .command('check')
  .description('check a file of access rules against the models and use cases')
  .argument('<file>')
  .addOption(json())
  .action(async (file, options) => (await import('./commands/access.ts')).accessCheck(file, options))
access
  .command('begin')
  .description("put the operator's first access rules in force, where there are none yet")
  .argument('<file>')
  .option('--reason <text>', 'why', "The operator's first access rules")
  .addOption(json())
  .action(async (file, options) => (await import('./commands/access-begin.ts')).accessBegin(file, options))
access
  .command('show')
  .description('print the access rules in force, or an earlier version')
  .option('--version <number>', 'this version')
  .addOption(json())
  .action(async (options) => (await import('./commands/access.ts')).accessShow(options))
access
  .command('proposals')
  .description('list what was proposed, and what came of it')
  .addOption(json())
  .action(async (options) => (await import('./commands/access.ts')).accessProposals(options))
access
  .command('propose')
  .description('propose a file of access rules in place of those in force')
  .argument('<file>')
  .requiredOption('--reason <text>', 'why')
  .addOption(json())
  .action(async (file, options) => (await import('./commands/access.ts')).accessPropose(file, options))
access
  .command('approve')
  .description('put a proposal of somebody else in force')
  .argument('<proposal>')
  .addOption(json())
  .action(async (proposal, options) => (await import('./commands/access.ts')).accessApprove(proposal, options))
access
  .command('withdraw')
  .description("withdraw a proposal of one's own")
  .argument('<proposal>')
  .addOption(json())
  .action(async (proposal, options) => (await import('./commands/access.ts')).accessWithdraw(proposal, options))
access
  .command('refuse')
  .description('refuse a proposal of somebody else, which an approver may')
  .argument('<proposal>')
  .requiredOption('--reason <text>', 'why not')
  .addOption(json())
  .action(async (proposal, options) => (await import('./commands/access.ts')).accessRefuse(proposal, options))

program
  .command('search')
  .description('run a use case and print what it finds; with both names and --help: its inputs')
  .argument('[application]')
  .argument('[use-case]')
  .helpOption(false)
  .option('-h, --help', 'print this, or the inputs of the use case')
  .option('--input <name=value>', 'an input; several times for several, the same name again for a list', collect, [])
  .option('--panel <name>', 'which panel to print (all where none is named; of CSV the first)')
  .option('--estimate', 'print what it would read at most, and run nothing')
  .option('--purpose <reason>', 'what for: a reason of the list (system-test in the demonstration, unless said)')
  .option('--note <sentence>', 'what for, in a sentence')
  .option('--request <reference>', 'what for: a request, by its reference')
  .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json', 'csv']).default('table'))
  .action(async (name, useCase, options, command) => {
    const { search, searchHelp } = await import('./commands/search.ts')
    if (name !== undefined && useCase !== undefined)
      return options.help ? searchHelp(name, useCase) : search(name, useCase, options)
    if (options.help) return command.outputHelp()
    command.error('error: search takes an application and a use case, as in `muniment search pas find-customer --help`')
  })

const users = program.command('users').description('the local users, where no other sign-in provider is named')
const password = () => new Option('--password-stdin', 'read the password from standard input; else it is asked for')
users
  .command('add')
  .description('let somebody sign in; from the first one on there are no sample people')
  .argument('<id>', 'what they type to sign in')
  .requiredOption('--name <name>', 'what they are called')
  .requiredOption('--groups <groups>', 'their groups, by which the access rules go, with commas between')
  .option(
    '--record <record>',
    'a record about themselves, as pas:parties:P10000019; several times for several',
    collect,
    [],
  )
  .addOption(password())
  .action(async (id, options) => (await import('./commands/users.ts')).addUser(id, options))
users
  .command('list')
  .description('who may sign in, with their groups')
  .addOption(json())
  .action(async (options) => (await import('./commands/users.ts')).listUsers(options))
users
  .command('password')
  .description('give somebody another password')
  .argument('<id>')
  .addOption(password())
  .action(async (id, options) => (await import('./commands/users.ts')).changePassword(id, options))
users
  .command('groups')
  .description('put somebody in other groups; it counts at once')
  .argument('<id>')
  .requiredOption('--groups <groups>', 'all their groups from now on, with commas between')
  .action(async (id, options) => (await import('./commands/users.ts')).changeGroups(id, options))
users
  .command('remove')
  .description('no longer let somebody sign in; it counts at once, and nobody is given the id again')
  .argument('<id>')
  .action(async (id) => (await import('./commands/users.ts')).removeUser(id))

program
  .command('token')
  .description('print a token of a sample person, good for ten minutes, for scripts; in the demonstration only')
  .argument('<person>', 'as in mira.kovacs')
  .action(async (person) => (await import('./commands/token.ts')).token(person))

const audit = program.command('audit').description('the log that says who saw and did what, and that nobody changed it')
const files = () => new Option('--files <folder>', 'a copy that holds audit/, in place of the data folder')
audit
  .command('verify')
  .description('check the whole log by its files, a public key and, if there is one, an older checkpoint')
  .option('--key <file>', 'public keys that are believed, one a line as `muniment audit key` prints them')
  .option('--checkpoint <file>', 'a checkpoint that was kept from earlier; several times for several', collect, [])
  .option('--witness <folder>', 'where a witness keeps checkpoints; several times for several', collect, [])
  .option(
    '--timestamp-authority <file>',
    'certificates (PEM) that must have issued those of who signed time stamps; several times for several',
    collect,
    [],
  )
  .addOption(files())
  .addOption(json())
  .action(async (options) => (await import('./commands/audit-read.ts')).auditVerify(options))
audit
  .command('seal')
  .description('seal now what no checkpoint covers yet')
  .option('--witness <folder>', 'where the checkpoint is to be kept too; several times for several', collect, [])
  .option('--timestamps <address>', 'an authority (RFC 3161) that is to stamp the newest checkpoint')
  .addOption(json())
  .action(async (options) => (await import('./commands/audit.ts')).auditSeal(options))
audit
  .command('prove')
  .description('print a proof that an action is in the log, which a stranger can check (docs/audit-log.md)')
  .argument('<entry>', "the opening entry's id")
  .option('--record <record>', 'that it showed this record, as pas:policies:P10000001')
  .option('--reveal', "with the month's key, without which a stranger cannot check the record's token")
  .addOption(files())
  .action(async (entry, options) => (await import('./commands/audit-read.ts')).auditProve(entry, options))
audit
  .command('export')
  .description('print the entries of a period, a line of JSON each')
  .requiredOption('--from <moment>', 'as in 2026-11-01 or 2026-11-01T08:00:00Z')
  .requiredOption('--until <moment>', 'a day and all of it, or up to a moment')
  .option('--out <file>', 'a new file to write into')
  .addOption(files())
  .action(async (options) => (await import('./commands/audit-read.ts')).auditExport(options))
audit
  .command('find')
  .description('print who did what, newest first: a line an action, with its outcome and figures')
  .option('--action <action>', 'as in unusual-use, export, refusal, rules-change')
  .option('--person <id>', 'of whoever did it')
  .option('--outcome <outcome>', 'done, refused, failed, cancelled, interrupted, or none where it has not ended')
  .option('--from <moment>', 'as in 2026-11-01 or 2026-11-01T08:00:00Z; thirty days ago where nothing is said')
  .option('--until <moment>', 'a day and all of it, or up to a moment')
  .option('--limit <number>', 'actions at most', '100')
  .addOption(files())
  .addOption(json())
  .action(async (options) => (await import('./commands/audit-find.ts')).auditFind(options))
audit
  .command('key')
  .description('print the public key that verifies checkpoints, one line to hand to auditors')
  .option('--rotate', 'put a new key in force first, named in the log and signed for by the old one')
  .action(async (options) => (await import('./commands/audit.ts')).auditKey(options))
audit
  .command('forget')
  .description('forget the keys of what was typed and seen before a day; the log still verifies')
  .requiredOption('--before <day>', 'as in 2025-01-01')
  .addOption(json())
  .action(async (options) => (await import('./commands/audit.ts')).auditForget(options))

program
  .command('prove')
  .description('print a proof that a row was in a load as it is, which a stranger can check (docs/seals.md)')
  .argument('[table]')
  .argument('[key]', 'the primary key; of several columns with commas between')
  .option('--application <name>', 'where there are several')
  .option('--load <load>', 'where several loads have the key')
  .option('--without <sensitivities>', 'show only hashes of what is personal, health, ..., with commas between')
  .option('--out <file>', 'a new file to write into')
  .option('--verify <file>', 'check a proof; needs neither archive nor data folder')
  .option('--root <hash>', 'with --verify: the root that is believed')
  .addOption(json())
  .action(async (table, key, options) => (await import('./commands/prove.ts')).prove(table, key, options))

program
  .command('seals')
  .description('the seals of loads, which show that no row was changed')
  .command('verify')
  .description('hash all rows again and compare them with the seals of their loads')
  .option('--application <name>', 'this one only')
  .addOption(json())
  .action(async (options) => (await import('./commands/seals.ts')).sealsVerify(options))

const retention = program.command('retention').description('what falls due, and its destruction by two people')
const actor = () =>
  new Option('--as <person>', 'who does it; outside the demonstration their token proves it').makeOptionMandatory()
retention
  .command('due')
  .description('print what is due, by month, domain and class, and why the rest is kept; writes nothing')
  .addOption(application())
  .option('--domain <name>', 'this one only')
  .option('--as-of <date>', 'as of another day, also one to come')
  .addOption(json())
  .action(async (options) => (await import('./commands/retention.ts')).retentionDue(options))
retention
  .command('plan')
  .description('freeze what is due in a domain as a list, for somebody else to approve')
  .addOption(application())
  .requiredOption('--domain <name>', 'the domain')
  .option('--as-of <date>', 'what was due by an earlier day')
  .addOption(
    new Option('--as <person>', 'who plans; a records manager of the demonstration unless said').default('henrik.lund'),
  )
  .addOption(json())
  .action(async (options) => (await import('./commands/retention.ts')).retentionPlan(options))
retention
  .command('runs')
  .description('list destruction runs, newest first')
  .option('--application <name>', 'this one only')
  .addOption(json())
  .action(async (options) => (await import('./commands/retention.ts')).retentionRuns(options))
retention
  .command('approve')
  .description('approve exactly the list with this hash; not by whoever planned it')
  .argument('<run>')
  .requiredOption('--hash <hash>', 'of the plan, as it was looked at')
  .addOption(actor())
  .addOption(json())
  .action(async (run, options) => (await import('./commands/retention.ts')).retentionApprove(run, options))
retention
  .command('send-back')
  .description('refuse a list; nothing of it is destroyed')
  .argument('<run>')
  .requiredOption('--reason <text>', 'why')
  .addOption(actor())
  .addOption(json())
  .action(async (run, options) => (await import('./commands/retention.ts')).retentionSendBack(run, options))
retention
  .command('execute')
  .description('destroy what was approved, or go on where that stopped')
  .argument('<run>')
  .option('--workers <number>', 'objects at once (2 unless said)')
  .addOption(json())
  .action(async (run, options) => (await import('./commands/retention.ts')).retentionExecute(run, options))
retention
  .command('verify')
  .description('ask the engine and the bytes whether anything is left of what was destroyed')
  .argument('<run>')
  .addOption(json())
  .action(async (run, options) => (await import('./commands/retention.ts')).retentionVerify(run, options))
retention
  .command('certificate')
  .description('certify a verified run, and print its certificate (docs/certificates.md)')
  .argument('<run>')
  .addOption(json())
  .action(async (run, options) => (await import('./commands/retention.ts')).retentionCertificate(run, options))

const hold = program.command('hold').description('orders that stop destruction')
hold
  .command('place')
  .description('place a hold; it stands at once')
  .addOption(application())
  .requiredOption('--matter <text>', 'in which matter')
  .requiredOption('--authority <text>', 'who ordered it')
  .option('--issuer <text>', 'who of them')
  .requiredOption('--reason <text>', 'why')
  .option('--review <date>', 'when to look at it again; it is not released by that')
  .option('--keys <table=keys>', 'records with what belongs to them, as policies=100000012,100000020')
  .option('--person <key>', 'a person with everything that belongs to them')
  .option('--domain <name>', 'all of a domain')
  .option('--class <name>', 'with --domain: all of a record class')
  .option('--all', 'all of the application')
  .addOption(actor())
  .addOption(json())
  .action(async (options) => (await import('./commands/hold.ts')).holdPlace(options))
hold
  .command('release')
  .description('release a hold, by two people')
  .argument('<hold>')
  .requiredOption('--reason <text>', 'why')
  .addOption(actor())
  .requiredOption('--and <person>', 'the second person; outside the demonstration MUNIMENT_SECOND_TOKEN proves it')
  .addOption(json())
  .action(async (id, options) => (await import('./commands/hold.ts')).holdRelease(id, options))
hold
  .command('list')
  .description('list holds, newest first, released ones too')
  .option('--application <name>', 'this one only')
  .addOption(json())
  .action(async (options) => (await import('./commands/hold.ts')).holdList(options))

program
  .command('fsck')
  .description(
    'check the whole archive: every row is live or certified destroyed, every object explained; repairs nothing',
  )
  .option('--application <name>', 'this one only')
  .option('--deep', 'read and hash every byte, and the seals')
  .option('--sample <number>', 'hash so many objects, drawn anew each time')
  .addOption(json())
  .action(async (options) => (await import('./commands/fsck.ts')).fsckCommand(options))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
