/** Place, first postal code today, postal code before July 1993, letters of the licence plate, how many people live there. */
export interface Place {
  city: string
  postalCode: string
  formerPostalCode: string
  plate: string
  size: number
  country: 'D' | 'CH'
  region: string
}

const rows = (country: 'D' | 'CH', text: string): Place[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [city = '', postalCode = '', formerPostalCode = '', plate = '', size = '1', region = ''] = line
        .trim()
        .split('|')
      return { city, postalCode, formerPostalCode, plate, size: Number(size), country, region }
    })

export const germanPlaces: Place[] = rows(
  'D',
  `Berlin|10115|1000|B|20|Ost
Hamburg|20095|2000|HH|18|Nord
München|80331|8000|M|10|Süd
Köln|50667|5000|K|8|West
Frankfurt am Main|60311|6000|F|6|Mitte
Stuttgart|70173|7000|S|5|Süd
Düsseldorf|40210|4000|D|5|West
Leipzig|04103|7010|L|4|Ost
Dresden|01067|8010|DD|4|Ost
Hannover|30159|3000|H|5|Nord
Nürnberg|90402|8500|N|4|Süd
Bremen|28195|2800|HB|5|Nord
Bremerhaven|27568|2850|HB|1|Nord
Lübeck|23552|2400|HL|3|Nord
Kiel|24103|2300|KI|3|Nord
Flensburg|24937|2390|FL|2|Nord
Rostock|18055|2500|HRO|2|Ost
Münster|48143|4400|MS|3|West
Osnabrück|49074|4500|OS|2|Nord
Göttingen|37073|3400|GÖ|2|Mitte
Würzburg|97070|8700|WÜ|2|Süd
Tübingen|72070|7400|TÜ|1|Süd
Lüneburg|21335|2120|LG|1|Nord
Lüdenscheid|58507|5880|MK|1|West
Hagen|58095|5800|HA|2|West
Mönchengladbach|41061|4050|MG|2|West
Saarbrücken|66111|6600|SB|2|Mitte
Fürth|90762|8510|FÜ|1|Süd
Köthen (Anhalt)|06366|4370|ABI|1|Ost
Görlitz|02826|8900|GR|1|Ost
Husum|25813|2250|NF|1|Nord
Sankt Peter-Ording|25826|2252|NF|1|Nord
Wyk auf Föhr|25938|2270|NF|1|Nord
Buxtehude|21614|2150|STD|1|Nord
Oldenburg|26121|2900|OL|2|Nord
Wilhelmshaven|26382|2940|WHV|1|Nord
Cuxhaven|27472|2190|CUX|1|Nord
Mölln|23879|2410|RZ|1|Nord
Neumünster|24534|2350|NMS|1|Nord
Schwäbisch Gmünd|73525|7070|AA|1|Süd
Bad Kreuznach|55543|6550|KH|1|Mitte
Trier|54290|5500|TR|1|Mitte
Erfurt|99084|5010|EF|2|Mitte
Jena|07743|6900|J|1|Mitte
Kassel|34117|3500|KS|2|Mitte
Mainz|55116|6500|MZ|2|Mitte
Karlsruhe|76131|7500|KA|2|Süd
Freiburg im Breisgau|79098|7800|FR|2|Süd
Augsburg|86150|8900|A|2|Süd
Regensburg|93047|8400|R|1|Süd
Passau|94032|8390|PA|1|Süd
Bochum|44787|4630|BO|3|West
Gelsenkirchen|45879|4650|GE|2|West
Bielefeld|33602|4800|BI|2|West
Paderborn|33098|4790|PB|1|West
Aachen|52062|5100|AC|2|West
Ahrweiler|53474|5483|AW|1|West
Reutlingen|72764|7410|RT|1|Süd`,
)

export const swissPlaces: Place[] = rows(
  'CH',
  `Zürich|8001|8001|ZH|8|Schweiz
Genève|1201|1201|GE|4|Schweiz
Basel|4051|4051|BS|4|Schweiz
Bern|3011|3011|BE|3|Schweiz
Lausanne|1003|1003|VD|3|Schweiz
Winterthur|8400|8400|ZH|2|Schweiz
Luzern|6003|6003|LU|2|Schweiz
St. Gallen|9000|9000|SG|2|Schweiz
Lugano|6900|6900|TI|2|Schweiz
Neuchâtel|2000|2000|NE|1|Schweiz
Delémont|2800|2800|JU|1|Schweiz
Chur|7000|7000|GR|1|Schweiz`,
)

export const germanStreets: readonly [string, ...string[]] = [
  'Hauptstraße',
  'Bahnhofstraße',
  'Dorfstraße',
  'Gartenweg',
  'Schulstraße',
  'Bergstraße',
  'Lindenallee',
  'Kirchplatz',
  'Am Markt',
  'Waldweg',
  'Ringstraße',
  'Mühlenweg',
  'Feldstraße',
  'Goethestraße',
  'Schillerstraße',
  'Mozartweg',
  'Birkenweg',
  'Eichenallee',
  'Rosenstraße',
  'Amselweg',
  'Königsstraße',
  'Brückenstraße',
  'Große Bleichen',
  'Kleine Gröpelgrube',
  'Süderstraße',
  'Norderende',
  'Deichstraße',
  'Am Süllberg',
  'Elbchaussee',
  'An der Mühle',
  'Straße der Einheit',
  'Karl-Liebknecht-Straße',
  'Dr.-Külz-Ring',
  'Platz der Republik',
  'Über den Höfen',
  'Zum Ährenfeld',
  'Hinter den Zäunen',
  'Bürgermeister-Smidt-Straße',
  'Weinbergstraße',
  'Schloßstraße',
  'Töpfergasse',
  'Färbergraben',
  'Lange Straße',
  'Neuer Weg',
  'Am Bäckerwall',
  'Jägersteig',
]
export const swissStreets: readonly [string, ...string[]] = [
  'Bahnhofstrasse',
  'Seestrasse',
  'Dorfstrasse',
  'Rämistrasse',
  'Rue du Rhône',
  'Avenue de la Gare',
  'Chemin des Crêts',
  'Via Nassa',
  'Viale Franscini',
  'Hauptgasse',
]
