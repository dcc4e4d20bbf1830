import type { Random } from "./random.js";

export const FIRST_NAMES: readonly [string, ...string[]] = [
  "Amélie",
  "Björn",
  "Chiara",
  "Daniel",
  "Eszter",
  "Fatima",
  "Günther",
  "Hana",
  "Íñigo",
  "Jürgen",
  "Katarzyna",
  "Liam",
  "Marta",
  "Noor",
  "Oğuz",
  "Priya",
  "Quentin",
  "Renée",
  "Søren",
  "Tomáš",
  "Ülle",
  "Valentina",
  "Wei",
  "Ximena",
  "Yūki",
  "Zoë",
  "Ольга",
  "山田",
  "李娜",
];
export const LAST_NAMES: readonly [string, ...string[]] = [
  "O'Brien",
  "Müller",
  "García",
  "Nowak",
  "Andersson",
  "D'Angelo",
  "Kowalska",
  "Lefèvre",
  "Nguyễn",
  "Øverland",
  "Papadopoulos",
  "Rossi",
  "Šimić",
  "Tanaka",
  "van der Berg",
  "Yılmaz",
  "Zhang",
  "Иванова",
  "佐藤",
  "Smith",
];
/** Quotation marks are already doubled, as CSV wants them. */
export const COMPANIES: readonly [string, ...string[]] = [
  "Aurora Freight",
  "Blå Konsult AB",
  "Café Central GmbH",
  "Delta, Marsh & Sons",
  "Éclair Énergie",
  "Fjord Analytics",
  "Grupo Niño",
  'Harbour ""Nova"" Ltd',
  "Indigo Textiles",
  "Jade River 玉河",
  "Kestrel Health",
  "Łódź Logistics",
  "Meridian Foods",
  "Northwind Optics",
  "Österreich Bau",
  "Pelican Mutual",
  "Quartz Mining",
  "Rīga Ports",
  "Silver Birch",
  "Tidewater Group",
];
export const INDUSTRIES: readonly [string, ...string[]] = [
  "Banking",
  "Energy",
  "Healthcare",
  "Manufacturing",
  "Retail",
  "Shipping",
];
export const CITIES: readonly [string, ...string[]] = [
  "Antwerpen",
  "Bogotá",
  "Kraków",
  "Málaga",
  "München",
  "Osaka",
  "Tromsø",
  "Zürich",
];
export const STAGES: readonly [string, ...string[]] = [
  "Prospecting",
  "Qualification",
  "Negotiation/Review",
  "Closed Won",
  "Closed Lost",
];
export const CASE_REASONS: readonly [string, ...string[]] = ["Installation", "Billing", "Performance", "Breakdown", "Feedback"];
export const SUBJECTS: readonly [string, ...string[]] = [
  "Call back about the quote",
  "Renewal, second notice",
  'Sent ""final"" offer',
  "Visit on site",
  "Angebot geprüft",
  "Besoin d'une réponse",
  "見積もりの確認",
];

const CLAUSES: readonly [string, ...string[]] = [
  "The customer asked for a revised quote, including delivery",
  "Spoke with procurement; they need two more weeks",
  'Their words: ""we cannot start before the audit is over""',
  "Der Liefertermin wurde auf nächsten Dienstag verschoben",
  "Le contrat est signé, reste à régler la TVA",
  "El pedido llegó incompleto: faltan 3 piezas",
  "Invoice 4471 is disputed, €1,250.00 is open",
  "承認待ちのため、来週もう一度連絡します",
  "Клиент просит перенести встречу",
  "Escalated to tier two 🚚 and confirmed by e-mail",
  "The warehouse reports 12 % damage in transit",
  "No further action until the purchase order arrives",
];
const ENDINGS: readonly [string, ...string[]] = [". ", ".\n", "; ", ".\r\n", ".\n\n- ", " - "];

/** Long texts as UTF-8, quotation marks doubled, with line breaks inside: ready to stand in a quoted CSV field. About `bytes` each. */
export function createTexts(random: Random, count: number, bytes: number): readonly [Buffer, ...Buffer[]] {
  const make = (): Buffer => {
    let text = "";
    const target = bytes / 2 + random.below(bytes);
    while (text.length < target) text += random.pick(CLAUSES) + random.pick(ENDINGS);
    return Buffer.from(text, "utf8");
  };
  return [make(), ...Array.from({ length: count - 1 }, make)];
}
