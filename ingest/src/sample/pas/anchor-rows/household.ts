import {
  endowmentPolicy,
  fatma,
  householdPolicy,
  juergen,
  juergenMerged,
  juergenUnlinked,
  motorClaim,
  motorPolicy,
  renate,
  thomas,
} from '../anchors.ts'
import { OPEN } from '../calendar.ts'
import { providerNumber } from '../identifiers.ts'
import { type AnchorBook, amount, d, LUEDENSCHEID } from './book.ts'

const current = {
  street: 'Lindenallee',
  houseNumber: '12a',
  postalCode: '58507',
  city: 'Lüdenscheid',
  from: '1994-08-01',
}

/** The couple, the other records of the husband, and their three policies. */
export function writeHousehold(book: AnchorBook): void {
  writeCouple(book)
  writeDuplicates(book)
  writeHomeContents(book)
  writeMotor(book)
  writeMotorClaim(book)
  writeEndowment(book)
}

function writeCouple(book: AnchorBook): void {
  book.party({
    number: juergen.partyNumber,
    customer: juergen.customerNumber,
    family: juergen.familyName,
    given: juergen.givenNames,
    salutation: '1',
    born: d(juergen.birthDate),
    addresses: [
      {
        street: 'Am Markt',
        houseNumber: '3',
        postalCode: '5880',
        city: 'Lüdenscheid',
        from: '1987-05-01',
        to: '1993-06-30',
      },
      {
        street: 'Am Markt',
        houseNumber: '3',
        postalCode: '58507',
        city: 'Lüdenscheid',
        from: '1993-07-01',
        to: '1994-07-31',
      },
      current,
    ],
    iban: juergen.iban,
    more: {
      birth_place: juergen.birthPlace,
      nationality: 'D',
      marital_status: 'V',
      occupation: 'Werkzeugmachermeister',
      email: juergen.email,
      phone: juergen.phone,
      tax_number: '12345678903',
      note: 'Bittet um Schreibweise mit "ü" und Bindestrich',
    },
  })
  const consent = (number: number, purpose: string, status: string, given: string, withdrawn: string | null) =>
    book.put('consents', {
      party_number: juergen.partyNumber,
      consent_no: number,
      purpose,
      status,
      given_on: d(given),
      withdrawn_on: withdrawn === null ? null : d(withdrawn),
      channel: 'B',
      wording_version: 'BDSG-90',
    })
  consent(1, 'G1', 'J', '1987-04-12', null)
  consent(2, 'W1', 'W', '1998-02-03', '2018-05-22')
  book.party({
    number: renate.partyNumber,
    family: 'Müller-Lüdenscheidt',
    given: 'Renate',
    salutation: '2',
    born: d(renate.birthDate),
    names: [['02', renate.birthName, 'Renate', renate.birthDate, '1986-08-21']],
    addresses: [{ ...current }],
  })
}

function writeDuplicates(book: AnchorBook): void {
  book.party({
    number: juergenUnlinked.partyNumber,
    customer: juergenUnlinked.customerNumber,
    family: 'Mueller-Luedenscheid',
    given: 'Juergen',
    salutation: '1',
    born: d(juergenUnlinked.birthDate),
    addresses: [{ ...current, houseNumber: '12', from: '2006-01-01' }],
  })
  book.party({
    number: juergenMerged.partyNumber,
    customer: juergenMerged.customerNumber,
    family: 'Müller',
    given: 'J.',
    status: 'X7',
    since: '1992-04-01',
    addresses: [{ street: 'Am Markt', houseNumber: '3', postalCode: '58507', city: 'Lüdenscheid', from: '1993-07-01' }],
    more: { same_person_as: juergen.partyNumber },
  })
  const { duplicates } = book.sample.truth
  duplicates.unlinked++
  duplicates.linked++
  duplicates.examples.push(
    [juergenUnlinked.partyNumber, juergen.partyNumber],
    [juergenMerged.partyNumber, juergen.partyNumber],
  )
  book.policy({
    number: juergenUnlinked.policyNumber,
    line: '31',
    product: 'PHV02',
    holder: juergenUnlinked.partyNumber,
    agent: LUEDENSCHEID,
    begin: '2006-01-01',
    premium: 62.4,
    sum: 5_000_000,
    covers: [['PH', 5_000_000]],
  })
  book.paidPremiums({
    policy: juergenUnlinked.policyNumber,
    payer: juergenUnlinked.partyNumber,
    begin: '2006-01-01',
    months: 12,
    premium: 62.4,
  })
}

function writeHomeContents(book: AnchorBook): void {
  const { policyNumber } = householdPolicy
  book.policy({
    number: policyNumber,
    line: '21',
    product: 'HAU85',
    holder: juergen.partyNumber,
    agent: LUEDENSCHEID,
    begin: householdPolicy.beginsOn,
    premium: 118.9,
    sum: 60_000,
    covers: [
      ['HR', 95_000],
      ['FR', 2500],
    ],
    changes: [
      {
        from: '1994-08-01',
        recorded: '1994-07-20',
        reason: 'E02',
        sum: 80_000,
        premium: 151.2,
        note: 'Umzug in größere Wohnung',
      },
      {
        from: '2009-05-01',
        recorded: '2009-03-16',
        reason: 'E07',
        sum: 95_000,
        premium: 168.3,
        note: 'Beitragsanpassung gem. AVB',
      },
    ],
  })
  book.put('properties', {
    policy_number: policyNumber,
    property_no: 1,
    street: householdPolicy.street,
    house_number: householdPolicy.houseNumber,
    postal_code: '58507',
    city: 'Lüdenscheid',
    country: 'D',
    construction: 'M',
    year_built: 1962,
    living_area_m2: 1185,
    value: amount(95_000),
    currency: 'EUR',
    flood_zone: '1',
    valid_from: d('1994-08-01'),
    valid_to: OPEN,
  })
  book.document(policyNumber, juergen.partyNumber, 1, 'D02', '2009-03-17 11:20', 'Nachtrag zum Versicherungsschein')
  book.paidPremiums({
    policy: policyNumber,
    payer: juergen.partyNumber,
    begin: householdPolicy.beginsOn,
    months: 12,
    premium: 168.3,
    iban: juergen.iban,
  })
}

function writeMotor(book: AnchorBook): void {
  const { policyNumber } = motorPolicy
  book.policy({
    number: policyNumber,
    line: '11',
    product: 'KFZ18',
    holder: juergen.partyNumber,
    agent: LUEDENSCHEID,
    begin: motorPolicy.beginsOn,
    premium: 398.4,
    sum: 100_000_000,
    deductible: 150,
    covers: [
      ['KH', 100_000_000],
      ['TK', 40_000],
    ],
    changes: [
      { from: '2004-01-01', recorded: '2003-11-15', reason: 'E07', premium: 365.2, noClaims: 'SF14' },
      {
        from: '2019-01-01',
        recorded: '2018-12-11',
        reason: 'E03',
        premium: 512.6,
        noClaims: 'SF28',
        note: 'Falkner Volta statt Horizont Kombi',
      },
      {
        from: '2019-07-01',
        recorded: '2020-06-15',
        reason: 'B09',
        premium: 587.9,
        noClaims: 'SF28',
        note: 'Jährliche Fahrleistung 25.000 statt 12.000 km, lt. Werkstattrechnung',
      },
    ],
  })
  const vehicle = (
    number: number,
    plate: string,
    make: string,
    model: string,
    registered: string,
    from: string,
    to: string | null,
    price: number,
  ) => {
    book.put('vehicles', {
      policy_number: policyNumber,
      vehicle_no: number,
      plate,
      vin: `WFA00ZZZ00000000${number}`,
      make,
      model,
      first_registration: d(registered),
      power_kw: 60 + number * 30,
      list_price: amount(price),
      currency: 'EUR',
      use: 'P',
      yearly_distance_km: number === 3 ? 25_000 : 12_000,
      valid_from: d(from),
      valid_to: to === null ? OPEN : d(to),
    })
    book.put('vehicle_plates', {
      policy_number: policyNumber,
      vehicle_no: number,
      plate_no: 1,
      plate,
      country: 'D',
      valid_from: d(from),
      valid_to: to === null ? OPEN : d(to),
    })
  }
  vehicle(1, 'HSK-ML 3', 'Falkner', 'Kadenz 1.6', '1988-06-10', '1991-03-01', '2003-12-31', 13_100)
  vehicle(2, 'MK-ML 300', 'Falkner', 'Horizont Kombi', '2003-11-28', '2004-01-01', '2018-12-31', 22_900)
  vehicle(3, motorPolicy.plate, 'Falkner', 'Volta', '2018-12-14', '2019-01-01', null, 41_250)
  book.document(policyNumber, juergen.partyNumber, 1, 'D02', '2003-11-17 08:05', 'Nachtrag zum Versicherungsschein')
  book.document(policyNumber, juergen.partyNumber, 2, 'D09', '2018-12-11 14:42', 'Versicherungsbestätigung (eVB)')
  book.document(policyNumber, juergen.partyNumber, 3, 'D02', '2018-12-12 09:15', 'Nachtrag zum Versicherungsschein')
  book.document(policyNumber, juergen.partyNumber, 4, 'D02', '2020-06-16 10:30', 'Berichtigung Ihres Beitrags')
  book.put('commissions', {
    policy_number: policyNumber,
    commission_no: 1,
    agent_number: LUEDENSCHEID,
    settlement_year: '2019',
    settled_on: d('2019-01-21'),
    kind: 'BP',
    rate_percent: 600,
    amount: amount(30.76),
    currency: 'EUR',
  })
  for (let year = 2015; year <= 2024; year++) {
    const premium = year < 2019 ? 365.2 : year < 2021 ? 512.6 : 587.9
    // The correction of June 2020 is the seventh.
    const number = year - 2014 + (year > 2020 ? 1 : 0)
    const due = d(`${year}-03-01`)
    book.paidInvoice({
      policy: policyNumber,
      payer: juergen.partyNumber,
      number,
      due,
      to: d(`${year + 1}-03-01`) - 1,
      kind: 'F',
      premium,
      iban: juergen.iban,
    })
  }
  book.paidInvoice({
    policy: policyNumber,
    payer: juergen.partyNumber,
    number: 7,
    due: d('2020-07-06'),
    from: d('2019-07-01'),
    to: d('2020-02-29'),
    kind: 'N',
    premium: 50.2,
    iban: juergen.iban,
  })
}

function writeMotorClaim(book: AnchorBook): void {
  const { claimNumber } = motorClaim
  const [assessor, lawyer, workshop] = [providerNumber(0), providerNumber(20), providerNumber(40)]
  book.party({
    number: fatma.partyNumber,
    family: 'Şahin',
    given: 'Fatma',
    salutation: '2',
    born: d(fatma.birthDate),
    addresses: [{ street: 'Körnerstraße', houseNumber: '44', postalCode: '58095', city: 'Hagen', from: '2019-02-13' }],
  })
  book.party({
    number: thomas.partyNumber,
    family: 'Krüger',
    given: 'Thomas',
    salutation: '1',
    addresses: [
      { street: 'Elberfelder Straße', houseNumber: '7', postalCode: '58095', city: 'Hagen', from: '2019-02-15' },
    ],
  })
  book.put('claims', {
    claim_number: claimNumber,
    policy_number: motorPolicy.policyNumber,
    legal_entity: '10',
    line_of_business: '11',
    coverage_kind: 'KH',
    cause: 'K01',
    status: motorClaim.status,
    loss_date: d(motorClaim.lossDate),
    reported_on: d(motorClaim.reportedOn),
    closed_on: d(motorClaim.closedOn),
    loss_place: 'Hagen',
    description: 'Auffahrunfall an der Ampel Körnerstraße; VN fuhr auf das wartende Fahrzeug auf. Glatteis.',
    vehicle_no: 3,
    fraud_suspected: false,
    total_paid: amount(6432.18),
    total_reserved: 0,
    currency: 'EUR',
    handler: 'SB0042',
  })
  const party = (number: number, partyNumber: string, role: string, more: Record<string, string> = {}) =>
    book.put('claim_parties', {
      claim_number: claimNumber,
      claim_party_no: number,
      party_number: partyNumber,
      role,
      ...more,
    })
  party(1, fatma.partyNumber, 'AS', {
    injury: 'HWS-Distorsion',
    statement: 'Ich stand schon an der Ampel, da knallte es.',
    lawyer: "Kanzlei D'Amico – Verkehrsrecht",
  })
  party(2, thomas.partyNumber, 'ZE', { statement: 'Die Ampel war rot, der Wagen hinten rutschte einfach weiter.' })
  party(3, assessor, 'SV')
  party(4, lawyer, 'RA')
  party(5, workshop, 'WE')
  book.events(claimNumber, [
    ['2019-02-13 09:12', 'M01'],
    ['2019-02-14 10:05', 'M02', 'Kostenvoranschlag und Fotos erbeten'],
    ['2019-02-20 14:31', 'M04'],
    ['2019-03-04 08:47', 'M03'],
    ['2019-03-11 16:20', 'M13', "Frau Şahin vertreten durch Kanzlei D'Amico"],
    ['2019-03-18 11:00', 'M05', 'Wiederbeschaffungswert 9.800 EUR, Reparatur lohnt'],
    ['2019-03-20 11:15', 'M06'],
    ['2019-03-25 07:30', 'M08', 'Vorschuss Schmerzensgeld'],
    ['2019-04-30 07:30', 'M08'],
    ['2019-05-03 13:02', 'M14', 'Werkstatt: Geld nicht angekommen, IBAN falsch erfasst'],
    ['2019-05-06 07:30', 'M08'],
    ['2019-08-26 07:30', 'M08'],
    ['2019-08-30 15:45', 'M11'],
  ])
  book.reserves(claimNumber, 'EUR', [
    ['2019-02-13', 8000],
    ['2019-03-20', 12_000],
    ['2019-08-30', 0],
  ])
  book.payments(claimNumber, 'EUR', [
    { payee: fatma.partyNumber, onDay: '2019-03-25', amount: 2000, kind: 'A' },
    { payee: workshop, onDay: '2019-04-30', amount: 3112.18, status: 'S' },
    { payee: workshop, onDay: '2019-05-06', amount: 3112.18 },
    { payee: fatma.partyNumber, onDay: '2019-08-26', amount: 1320 },
  ])
  book.letters(claimNumber, [
    {
      party: juergen.partyNumber,
      onDay: '2019-02-13',
      direction: 'E',
      kind: 'S1',
      subject: 'Unfall vom 11. Februar',
      text: 'Sehr geehrte Damen und Herren,\nam Montag bin ich in Hagen auf ein "stehendes" Auto gerutscht.\nMit freundlichen Grüßen\nJ. Müller-Lüdenscheidt',
    },
    {
      party: juergen.partyNumber,
      onDay: '2019-02-14',
      direction: 'A',
      kind: 'S2',
      subject: `Schaden ${claimNumber}`,
      text: 'Wir benötigen noch den Kostenvoranschlag und ein Foto des Schadens.',
    },
    {
      party: thomas.partyNumber,
      onDay: '2019-02-25',
      direction: 'E',
      kind: 'S3',
      subject: 'Zeugenaussage',
      text: 'Hiermit bestätige ich, dass ich den Unfall gesehen habe.',
    },
    {
      party: lawyer,
      onDay: '2019-03-11',
      direction: 'E',
      kind: 'S6',
      subject: 'Şahin ./. Müller-Lüdenscheidt',
      text: 'In der Sache zeige ich an, dass ich die Interessen der Geschädigten vertrete.',
    },
    {
      party: fatma.partyNumber,
      onDay: '2019-03-29',
      direction: 'E',
      kind: 'S7',
      subject: 'Ärztlicher Bericht',
      text: 'Zustand nach Distorsion der Halswirbelsäule, arbeitsunfähig vom 11.02. bis 08.03.2019.',
    },
    {
      party: juergen.partyNumber,
      onDay: '2019-08-30',
      direction: 'A',
      kind: 'S5',
      subject: `Schaden ${claimNumber}`,
      text: 'Der Schaden ist abgeschlossen. Ihre Schadenfreiheitsklasse ändert sich ab 2020.',
    },
  ])
}

function writeEndowment(book: AnchorBook): void {
  const { policyNumber, claimNumber } = endowmentPolicy
  book.policy({
    number: policyNumber,
    line: '52',
    product: 'KLV85',
    holder: juergen.partyNumber,
    agent: LUEDENSCHEID,
    begin: endowmentPolicy.beginsOn,
    end: endowmentPolicy.endsOn,
    termEnd: endowmentPolicy.endsOn,
    status: 'K09',
    premium: 1288.45,
    sum: 51_129.19,
    covers: [
      ['LT', 51_129.19],
      ['LE', 51_129.19],
    ],
    changes: [{ from: '2017-04-01', recorded: '2017-02-28', reason: 'K09', status: 'K09' }],
  })
  book.put('insured_lives', {
    policy_number: policyNumber,
    insured_no: 1,
    party_number: juergen.partyNumber,
    role: '1',
    risk_class: 'R1',
    surcharge_percent: 2500,
    occupation_class: 'C',
    medical_note: 'Bluthochdruck, medikamentös eingestellt',
    valid_from: d('1992-04-01'),
    valid_to: d('2017-03-31'),
  })
  const beneficiary = (
    number: number,
    party: string | null,
    text: string | null,
    event: string,
    relation: string,
    from: string,
    to: string,
  ) =>
    book.put('beneficiaries', {
      policy_number: policyNumber,
      beneficiary_no: number,
      party_number: party,
      beneficiary_text: text,
      event,
      relation,
      share_percent: 10_000,
      irrevocable: false,
      valid_from: d(from),
      valid_to: d(to),
    })
  beneficiary(1, null, 'die Eltern', 'T', '03', '1992-04-01', '1998-12-31')
  beneficiary(2, renate.partyNumber, null, 'T', '01', '1999-01-01', '2017-03-31')
  beneficiary(3, juergen.partyNumber, null, 'E', '09', '1992-04-01', '2017-03-31')
  book.document(policyNumber, juergen.partyNumber, 1, 'D03', '2016-04-15 06:00', 'Jährliche Standmitteilung 2016')
  for (let year = 2015; year <= 2016; year++) {
    book.paidInvoice({
      policy: policyNumber,
      payer: juergen.partyNumber,
      number: year - 2014,
      due: d(`${year}-04-01`),
      to: d(`${year + 1}-03-31`),
      kind: 'F',
      premium: 1288.45,
      iban: juergen.iban,
    })
  }
  book.put('claims', {
    claim_number: claimNumber,
    policy_number: policyNumber,
    legal_entity: '10',
    line_of_business: '52',
    coverage_kind: 'LE',
    cause: 'L02',
    status: '30',
    loss_date: d('2017-03-31'),
    reported_on: d('2017-03-31'),
    closed_on: d('2017-04-03'),
    description: 'Ablauf der Versicherung',
    fraud_suspected: false,
    total_paid: amount(74_318.55),
    total_reserved: 0,
    currency: 'EUR',
    handler: 'SB0101',
  })
  book.events(claimNumber, [
    ['2017-03-31 06:00', 'M01'],
    ['2017-04-03 07:30', 'M08'],
    ['2017-04-03 07:31', 'M11'],
  ])
  book.reserves(claimNumber, 'EUR', [
    ['2017-03-31', 74_400],
    ['2017-04-03', 0],
  ])
  book.payments(claimNumber, 'EUR', [
    { payee: juergen.partyNumber, onDay: '2017-04-03', amount: 74_318.55, iban: juergen.iban },
  ])
}
