/**
 * Fixed records that exist in the sample for every number of policies and every seed, so that examples and tests can
 * assert real rows. Random records never use these numbers. Random people may share a single name with them
 * (there are other Meiers), so an example by name asserts that a row is included, one by number asserts all rows.
 *
 * Dates are ISO, amounts canonical text, both as a query returns them.
 */

/**
 * The main example: a customer for almost forty years with a household, a motor and an endowment policy.
 * Born in Lüdenscheid, lives at Lindenallee 12a, 58507 Lüdenscheid since 1994-08-01 (before: Am Markt 3, 5880 Lüdenscheid, then
 * 58507 after the change of postal codes on 1993-07-01: three addresses). Consents: W1 given 1998-02-03 and withdrawn 2018-05-22, G1 given 1987-04-12.
 * Married to `renate`. Two more records of the same man: `juergenUnlinked`, whom nobody noticed, and `juergenMerged`, closed and linked.
 */
export const juergen = {
  partyNumber: 'P10000001',
  customerNumber: 'K10000001',
  displayName: 'Müller-Lüdenscheidt, Jürgen',
  familyName: 'Müller-Lüdenscheidt',
  givenNames: 'Jürgen',
  birthDate: '1957-03-14',
  birthPlace: 'Lüdenscheid',
  postalCode: '58507',
  city: 'Lüdenscheid',
  email: 'juergen.mueller-luedenscheidt@example.org',
  phone: '02351 / 555-0142',
  iban: 'DE89 3704 0044 0532 0130 00',
} as const

/** His wife, née Petersen (a name of kind 02 in `party_names`), insured and beneficiary on `endowmentPolicy`. */
export const renate = {
  partyNumber: 'P10000002',
  displayName: 'Müller-Lüdenscheidt, Renate',
  birthName: 'Petersen',
  birthDate: '1959-11-02',
} as const

/** The same man again, typed without umlauts: own customer number, own liability policy 100000041, `same_person_as` empty. */
export const juergenUnlinked = {
  partyNumber: 'P10000003',
  customerNumber: 'K10000003',
  displayName: 'Mueller-Luedenscheid, Juergen',
  birthDate: '1957-03-14',
  policyNumber: '100000041',
} as const

/** Found to be a duplicate: status X7, `same_person_as` = P10000001, no date of birth. */
export const juergenMerged = { partyNumber: 'P10000004', customerNumber: 'K10000004' } as const

/** Household contents, in force since 1987-05-01, 95,000.00 EUR sum insured, yearly; insured address Lindenallee 12a. No claim. */
export const householdPolicy = {
  policyNumber: '100000017',
  lineOfBusiness: '21',
  status: 'A01',
  beginsOn: '1987-05-01',
  annualPremium: '168.30',
  currency: 'EUR',
  street: 'Lindenallee',
  houseNumber: '12a',
  addressFolded: 'lindenallee 12a 58507 ludenscheid',
} as const

/**
 * Motor, in force since 1991-03-01, yearly on 1 March. Three vehicles one after the other; the last has had the plate
 * MK-JL 57 since 2019-01-01 (before that HSK-ML 3, then MK-ML 300).
 *
 * Versions: premium 398.40 from 1991-03-01, 365.20 from 2004-01-01 (E07), 512.60 from 2019-01-01 (E03, recorded
 * 2018-12-11). On 2020-06-15 a correction back to 2019-07-01 was recorded (B09): 587.90. So on 2019-10-01 the premium was
 * 512.60 as known on 2020-01-01 and 587.90 as known on 2020-12-31. Seven rows in all, four of them believed at the end.
 * Invoices: one a year from 2015 to 2024, all paid by direct debit, plus an additional premium (N) of 50.20 in June 2020 for the correction.
 */
export const motorPolicy = {
  policyNumber: '100000025',
  lineOfBusiness: '11',
  status: 'A01',
  beginsOn: '1991-03-01',
  annualPremium: '587.90',
  plate: 'MK-JL 57',
  plateNormal: 'MKJL57',
  formerPlate: 'HSK-ML 3',
  versions: 7,
  believedVersions: 4,
  correction: {
    validOn: '2019-10-01',
    before: { knownOn: '2020-01-01', premium: '512.60' },
    after: { knownOn: '2020-12-31', premium: '587.90' },
  },
  invoices: 11,
} as const

/**
 * Collision on 2019-02-11 in Hagen, reported 2019-02-13, closed with payment 2019-08-30; 4 payments, one of them reversed: paid in all 6,432.18.
 * Reserves: 8,000.00 from 2019-02-13, 12,000.00 from 2019-03-20, 0.00 from 2019-08-30 (as known on 2019-04-01: 12,000.00).
 * Involved: claimant and injured `fatma` (with a whiplash injury), witness `thomas`, an assessor, a law firm. Recovery: none.
 */
export const motorClaim = {
  claimNumber: 'S10000002001',
  lossDate: '2019-02-11',
  reportedOn: '2019-02-13',
  closedOn: '2019-08-30',
  status: '30',
  cause: 'K01',
  totalPaid: '6432.18',
  payments: 4,
  reserves: 3,
  reservedOn: { knownOn: '2019-04-01', amount: '12000.00' },
  parties: 5,
} as const

/** Third parties of `motorClaim`, never customers (no customer number, status D3). */
export const fatma = { partyNumber: 'P10000005', displayName: 'Şahin, Fatma', birthDate: '1983-06-30' } as const
export const thomas = { partyNumber: 'P10000006', displayName: 'Krüger, Thomas' } as const

/**
 * Endowment life, 1992-04-01 to 2017-03-31, sum insured 51,129.19 EUR (100,000 mark), paid out as claim S10000003001
 * (cause L02, 74,318.55 EUR paid 2017-04-03), status K09. Beneficiary on death: Renate from 1999-01-01, before that "die Eltern", in words only.
 */
export const endowmentPolicy = {
  policyNumber: '100000033',
  lineOfBusiness: '52',
  status: 'K09',
  beginsOn: '1992-04-01',
  endsOn: '2017-03-31',
  claimNumber: 'S10000003001',
  paid: '74318.55',
} as const

/** Four people whose names sound alike, each with one liability policy in force. A search for any spelling finds all four. */
export const soundAlikes = [
  {
    partyNumber: 'P10000010',
    displayName: 'Meier, Anna',
    familyName: 'Meier',
    birthDate: '1964-01-20',
    policyNumber: '100000058',
  },
  {
    partyNumber: 'P10000011',
    displayName: 'Mayer, Hannah',
    familyName: 'Mayer',
    birthDate: '1971-09-08',
    policyNumber: '100000066',
  },
  {
    partyNumber: 'P10000012',
    displayName: 'Maier, Anne',
    familyName: 'Maier',
    birthDate: '1964-10-02',
    policyNumber: '100000074',
  },
  {
    partyNumber: 'P10000013',
    displayName: 'Meyr, Johann',
    familyName: 'Meyr',
    birthDate: '1939-12-24',
    policyNumber: '100000082',
  },
] as const

/** Apostrophes in a name and in texts; household policy 100000090 with a burglary (S10000009001) on 2020-12-27. */
export const obrien = {
  partyNumber: 'P10000014',
  customerNumber: 'K10000014',
  displayName: "O'Brien, Seán",
  familyName: "O'Brien",
  birthDate: '1978-03-17',
  city: 'Hamburg',
  policyNumber: '100000090',
  claimNumber: 'S10000009001',
} as const

/**
 * A haulier with a fleet policy of 45 vehicles (plates HH-KS 100 to HH-KS 144), quarterly premiums, 60 claims between 2005 and 2024
 * (S10000010001 to ...060), and a business policy with the large loss `largeLoss`.
 */
export const fleet = {
  partyNumber: 'P10000015',
  customerNumber: 'K10000015',
  displayName: 'Küstenspedition Brammer & Söhne GmbH & Co. KG',
  policyNumber: '100000108',
  lineOfBusiness: '12',
  vehicles: 45,
  firstPlate: 'HH-KS 100',
  lastPlate: 'HH-KS 144',
  claims: 60,
  businessPolicyNumber: '100000116',
} as const

/** Fire in a warehouse on 2016-11-03: the largest loss in the archive, 2,750,000.00 EUR in three payments; 400,000.00 recovered of 900,000.00 demanded. */
export const largeLoss = {
  claimNumber: 'S10000011001',
  policyNumber: '100000116',
  lossDate: '2016-11-03',
  totalPaid: '2750000.00',
  payments: 3,
  recovered: '400000.00',
  demanded: '900000.00',
  recoveryNumber: 'G1000001100101',
} as const

/**
 * Three complaints: B10000012001 (category B1, 2009, upheld), B10000012002 (B2, about claim S10000012001, 2021, partly upheld), B10000012003
 * (B5, received 2024-12-02, still open). Residential building policy with a storm claim.
 */
export const gisela = {
  partyNumber: 'P10000016',
  customerNumber: 'K10000016',
  displayName: 'Groß-Öhlmann, Gisela',
  birthDate: '1949-07-21',
  policyNumber: '100000124',
  claimNumber: 'S10000012001',
  complaints: ['B10000012001', 'B10000012002', 'B10000012003'],
} as const

/**
 * Motor policy, monthly. The instalment of 2021-09-01 was not paid: reminded on 2021-09-20 (1), 2021-10-11 (2) and 2021-11-02 (3), lapsed after 2021-11-02;
 * paid on 2021-11-29 together with October and November, reinstated from 2021-12-01 (version R02). In 2023 the June instalment was paid twice and refunded: F100000130001, 61.75 EUR.
 * One direct debit came back in 2022 (a negative receipt). The instalment of 2024-12-01 is open at the switch-off (61.75).
 */
export const mehmet = {
  partyNumber: 'P10000017',
  customerNumber: 'K10000017',
  displayName: 'Yıldırım, Mehmet',
  birthDate: '1985-05-05',
  policyNumber: '100000132',
  plate: 'B-MY 1985',
  reminders: 3,
  refundNumber: 'F100000130001',
  refundAmount: '61.75',
  openAmount: '61.75',
  openInvoiceNumber: 'R100000130120',
} as const

/** The Swiss entity: premiums in CHF, letters in Italian. Household policy since 2008, water damage S10000014001 of 3,210.45 CHF. */
export const chiara = {
  partyNumber: 'P10000018',
  customerNumber: 'K10000018',
  displayName: 'Bernasconi, Chiara',
  legalEntity: '20',
  currency: 'CHF',
  city: 'Lugano',
  policyNumber: '100000140',
  claimNumber: 'S10000014001',
  totalPaid: '3210.45',
} as const

/** A member of staff with a household policy on staff terms. */
export const katarzyna = {
  partyNumber: 'P10000019',
  customerNumber: 'K10000019',
  displayName: 'Wójcik-Łukaszewska, Katarzyna',
  policyNumber: '100000157',
} as const

/** Died 2011-09-23. Term life, status K11; the death benefit of 80,000.00 EUR was paid to his daughter (claim S10000016001). */
export const wilhelm = {
  partyNumber: 'P10000020',
  displayName: 'Schröder, Wilhelm',
  deathDate: '2011-09-23',
  policyNumber: '100000165',
  claimNumber: 'S10000016001',
  beneficiary: { partyNumber: 'P10000021', displayName: 'Schröder-Nguyễn, Heike' },
  paid: '80000.00',
} as const

/** Names in other scripts, each with a Latin spelling (kind 04 in `party_names`) and one liability policy. */
export const otherScripts = [
  { partyNumber: 'P10000022', displayName: 'Кузнецов, Александр', latin: 'Kusnezow', policyNumber: '100000173' },
  { partyNumber: 'P10000023', displayName: 'الأحمد, محمد', latin: 'Al-Ahmad', policyNumber: '100000181' },
  { partyNumber: 'P10000024', displayName: '王, 小明', latin: 'Wang', policyNumber: '100000199' },
  { partyNumber: 'P10000025', displayName: 'Παπαδοπούλου, Ελένη', latin: 'Papadopoulou', policyNumber: '100000207' },
] as const

/**
 * What must never run, in names, notes, letters and references: the name itself is a fragment of SQL; claim S10000021001 has one
 * letter for each of `hostileTexts`, in order (letter_no from 1), the same text as subject and text.
 */
export const hostile = {
  partyNumber: 'P10000026',
  customerNumber: 'K10000026',
  displayName: "Robert'); DROP TABLE policies;--, Bobby",
  policyNumber: '100000215',
  claimNumber: 'S10000021001',
} as const

/** A policy that ended in 1999: no invoices, receipts, claims or documents; its party has neither birth date, e-mail nor consents. */
export const sparse = {
  partyNumber: 'P10000027',
  displayName: 'Leer, Paul',
  policyNumber: '100000223',
  endsOn: '1999-06-30',
} as const

/** Facts for reconciliation: values that don't cast, and references that lead nowhere. All of them are accepted in the model. */
export const broken = {
  /** GEBDAT is 00000000. */
  noBirthDate: 'P10000028',
  /** Policy whose vehicle 1 has ERSTZUL 31.02.1994 and whose agent was removed. */
  policyNumber: '100000231',
  removedAgent: 'V000099',
  /** A claim party whose record was erased, in claim S10000023001 (which also has no day of the report, and events with microseconds). */
  claimNumber: 'S10000023001',
  erasedParty: 'P09999999',
  /** A receipt that quotes a policy of the system before 1985. */
  receiptNumber: 'E100000230001',
  unknownPolicy: '000471108',
} as const

/** Number of anchor policies; a sample has at least as many. */
export const anchorPolicies = 23
