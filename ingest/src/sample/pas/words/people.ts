/** Hand-made lists, so that the sample needs no library and stays the same. */
type Words = readonly [string, ...string[]]

const words = (text: string): Words => text.trim().split(/\s+/) as unknown as Words

export interface Origin {
  female: Words
  male: Words
  family: Words
  /** Family names that differ for women: ending to ending. */
  feminine?: readonly (readonly [string, string])[]
  nationality: string
  /** In the old system's own script and in Latin letters, position by position. */
  native?: { female: Words; male: Words; family: Words }
  birthPlaces: Words
}

/** Given names in fashion change; three generations are enough to look right. */
export const germanFemale: readonly [Words, Words, Words] = [
  words(`Gertrud Ilse Hildegard Erika Ursula Ingeborg Anneliese Käthe Elfriede Lieselotte Irmgard Edith Waltraud Hannelore Gisela
    Margarete Charlotte Elisabeth Frieda Hedwig Martha Gerda Ruth Christa Helga Inge Brigitte Rosemarie Marlies Ingrid`),
  words(`Sabine Petra Monika Susanne Birgit Karin Andrea Gabriele Angelika Martina Heike Ute Claudia Renate Barbara Ulrike Kerstin
    Anja Silke Bärbel Jutta Cornelia Annette Katrin Simone Marion Regina Dagmar Doris Beate Elke Manuela Bettina Dörte Sigrid`),
  words(`Julia Anna Sarah Lisa Katharina Laura Lena Stefanie Nina Franziska Jana Johanna Marie Sophie Hannah Leonie Mia Emma Lea
    Carolin Theresa Vanessa Melanie Nadine Jennifer Jasmin Svenja Antje Friederike Maike Ronja Zoë Chloé Jördis`),
]
export const germanMale: readonly [Words, Words, Words] = [
  words(`Wilhelm Heinrich Karl Otto Hermann Walter Kurt Ernst Friedrich Werner Herbert Günther Horst Heinz Gerhard Helmut Rudolf
    Erwin Alfred Fritz Hans Paul Josef Franz Ludwig August Siegfried Gustav Egon Willi Jürgen Manfred Rolf Joachim`),
  words(`Thomas Michael Andreas Stefan Wolfgang Klaus Bernd Uwe Frank Ralf Peter Jürgen Dieter Matthias Martin Jörg Holger
    Christian Volker Rainer Detlef Norbert Ulrich Dirk Torsten Jens Björn Götz Günter Olaf Axel Rüdiger Reinhard Burkhard`),
  words(`Sebastian Daniel Florian Jan Tobias Christoph Alexander Philipp Lukas Jonas Felix Maximilian Leon Finn Paul Moritz
    Benjamin Patrick Dennis Marcel Kevin Niklas Simon David Tim Fabian Julian Sören Jannik Noël René André Malte Henrik`),
]
export const germanFamily: Words =
  words(`Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch
  Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause
  Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn
  Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm
  Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich
  Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Petersen Hansen Jansen Janßen Thiel Ernst
  Lindner Nowak Böttcher Kramer Beyer Haase Barth Jahn Hübner Hein Wenzel Kunz Ritter Götz Seifert Kirchner Schütz Eckert Paul Kern
  Brückner Hesse Straub Wiegand Rößler Löffler Grün Blümel Nagel Opitz Fleischer Preuß Kröger Rademacher Büttner Wüst Göbel Gebhardt
  Strauß Zeller Überall Öttinger Ahrens Böge Clasen Detlefsen Ehlers Feddersen Gosch Harms Ipsen Johannsen Ketelsen Lührs Mählmann
  Niebuhr Ohlsen Paulsen Quast Reimers Sievers Tiedemann Uhlig Vöge Wulff Zabel Zöllner Asmussen Bornhöft Cordes Dittmer`)

export const swissFamily: Words =
  words(`Müller Meier Schmid Keller Weber Huber Schneider Meyer Steiner Fischer Gerber Brunner Baumann
  Frei Zimmermann Moser Widmer Wyss Graf Roth Suter Baumgartner Bachmann Bühler Kunz Hofer Lüthi Rüegg Zürcher Aebischer Inderbitzin
  Favre Rochat Dubois Chevalley Béguin Perret Jaquet Bernasconi Bianchi Ferrari Fontana Crivelli Rezzonico`)
export const swissFemale: Words = words(
  'Ursula Verena Regula Vreni Heidi Nicole Sandra Martina Céline Élodie Aurélie Chiara Giulia Elena Seraina',
)
export const swissMale: Words = words(
  'Beat Urs Reto Hansruedi Ueli Daniel Marco Luca Gian Jérôme Étienne François Matteo Andrea Flurin',
)

export const origins: Record<
  'polish' | 'turkish' | 'greek' | 'russian' | 'arabic' | 'chinese' | 'vietnamese' | 'italian' | 'danish',
  Origin
> = {
  polish: {
    female: words('Agnieszka Małgorzata Katarzyna Joanna Barbara Ewa Zofia Łucja Grażyna Bożena Danuta Żaneta'),
    male: words('Piotr Krzysztof Andrzej Tomasz Paweł Michał Łukasz Grzegorz Zbigniew Stanisław Wojciech Mirosław'),
    family: words(
      'Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Krawczyk Wróbel Stępień Pawłowski Michalski Król Gajewski',
    ),
    feminine: [
      ['ski', 'ska'],
      ['cki', 'cka'],
    ],
    nationality: 'PL',
    birthPlaces: words('Łódź Kraków Gdańsk Poznań Wrocław Szczecin Częstochowa Białystok'),
  },
  turkish: {
    female: words('Ayşe Fatma Emine Hatice Zeynep Elif Gülşen Şerife Özlem Çiğdem Yıldız Nurgül'),
    male: words('Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Osman Murat Ömer Şükrü Çağlar'),
    family: words(
      'Yılmaz Kaya Demir Şahin Çelik Yıldız Öztürk Aydın Özdemir Arslan Doğan Kılıç Çetin Koç Güneş Aslan Kurt Özkan Şimşek',
    ),
    nationality: 'TR',
    birthPlaces: words('İzmir Ankara İstanbul Trabzon Diyarbakır Kayseri Muş Zonguldak'),
  },
  greek: {
    female: words('Maria Eleni Aikaterini Vasiliki Sofia Angeliki Georgia Dimitra'),
    male: words('Georgios Dimitrios Konstantinos Ioannis Nikolaos Christos Panagiotis Vasileios'),
    family: words('Papadopoulos Nikolaidis Georgiou Oikonomou Karagiannis Makris Vlachos Antoniou'),
    native: {
      female: words('Μαρία Ελένη Αικατερίνη Βασιλική Σοφία Αγγελική Γεωργία Δήμητρα'),
      male: words('Γεώργιος Δημήτριος Κωνσταντίνος Ιωάννης Νικόλαος Χρήστος Παναγιώτης Βασίλειος'),
      family: words('Παπαδόπουλος Νικολαΐδης Γεωργίου Οικονόμου Καραγιάννης Μακρής Βλάχος Αντωνίου'),
    },
    nationality: 'GR',
    birthPlaces: words('Thessaloniki Athen Patras Ioannina Volos'),
  },
  russian: {
    female: words('Olga Tatjana Jelena Natalja Irina Swetlana Galina Ljudmila'),
    male: words('Alexander Sergej Wladimir Dmitrij Andrej Alexej Iwan Nikolaj'),
    family: words('Iwanow Smirnow Kusnezow Popow Wassiljew Petrow Sokolow Nowikow Fjodorow Morosow'),
    feminine: [
      ['ow', 'owa'],
      ['ew', 'ewa'],
    ],
    native: {
      female: words('Ольга Татьяна Елена Наталья Ирина Светлана Галина Людмила'),
      male: words('Александр Сергей Владимир Дмитрий Андрей Алексей Иван Николай'),
      family: words('Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Новиков Фёдоров Морозов'),
    },
    nationality: 'RUS',
    birthPlaces: words('Omsk Nowosibirsk Karaganda Orenburg Saratow Barnaul'),
  },
  arabic: {
    female: words('Fatima Aisha Mariam Zainab Layla Rania'),
    male: words('Mohammad Ahmad Ali Omar Khaled Youssef'),
    family: words('Al-Ahmad Al-Hassan Haddad Khoury Mansour Nasser Saleh Darwish'),
    native: {
      female: words('فاطمة عائشة مريم زينب ليلى رانيا'),
      male: words('محمد أحمد علي عمر خالد يوسف'),
      family: words('الأحمد الحسن حداد خوري منصور ناصر صالح درويش'),
    },
    nationality: 'SYR',
    birthPlaces: words('Damaskus Aleppo Homs Latakia Hama'),
  },
  chinese: {
    female: words('Xiuying Fang Na Min Jing Yan'),
    male: words('Wei Qiang Lei Jun Yang Xiaoming'),
    family: words('Wang Li Zhang Liu Chen Yang Zhao Huang'),
    native: {
      female: words('秀英 芳 娜 敏 静 艳'),
      male: words('伟 强 磊 军 洋 小明'),
      family: words('王 李 张 刘 陈 杨 赵 黄'),
    },
    nationality: 'CHN',
    birthPlaces: words('Shanghai Peking Qingdao Wuhan Kanton'),
  },
  vietnamese: {
    female: words('Thị-Lan Thị-Hương Mai Linh Thảo'),
    male: words('Văn-Hùng Văn-Minh Đức Tuấn Quang'),
    family: words('Nguyễn Trần Lê Phạm Hoàng Vũ Đặng'),
    nationality: 'D',
    birthPlaces: words('Hanoi Hải-Phòng Huế Đà-Nẵng'),
  },
  italian: {
    female: words('Maria Anna Giuseppina Rosa Lucia Niccolò-Maria Caterina'),
    male: words('Giuseppe Antonio Salvatore Vincenzo Calogero Nicolò'),
    family: words("Rossi Russo Esposito Romano D'Angelo Dell'Orto D'Amico Caruso Nicolò Greco Lo-Presti"),
    nationality: 'I',
    birthPlaces: words('Palermo Catania Lecce Neapel Agrigento'),
  },
  danish: {
    female: words('Kirsten Mette Hanne Birthe Karen Søs Åse'),
    male: words('Søren Jørgen Niels Lars Åge Bjørn Kjeld'),
    family: words('Nielsen Jensen Sørensen Jørgensen Møller Østergaard Bæk Kjær'),
    nationality: 'DK',
    birthPlaces: words('Sønderborg Aabenraa Tønder Aarhus'),
  },
}

export const occupations: Words = [
  'Angestellte/r',
  'Lehrer/in',
  'Kfz-Mechaniker/in',
  'Krankenpfleger/in',
  'Tischlermeister',
  'Steuerberater/in',
  'Landwirt',
  'Rentner/in',
  'Student/in',
  'Ärztin',
  'Bäckermeister',
  'Busfahrer/in',
  'Elektriker/in',
  'Verwaltungsfachangestellte/r',
  'Kauffrau',
  'Ingenieur',
  'Softwareentwickler/in',
  'Dachdecker',
  'Friseurin',
  'Polizeibeamter',
  'Hausmann',
  'Seelotse',
]
export const trades: Words = [
  'Bäckerei',
  'Tischlerei',
  'Elektro',
  'Autohaus',
  'Gärtnerei',
  'Spedition',
  'Bauunternehmung',
  'Malerbetrieb',
  'Metzgerei',
  'Gasthof zur Mühle',
  'Hotel',
  'Buchhandlung',
  'Ingenieurbüro',
  'Sanitär & Heizung',
  'Weingut',
  'Fischräucherei',
  'Steuerkanzlei',
  'Apotheke',
  'Zahnarztpraxis',
  'Druckerei',
]
export const legalForms: Words = ['GmbH', 'GmbH & Co. KG', 'e. K.', 'OHG', 'AG', 'GbR', 'UG (haftungsbeschränkt)']
