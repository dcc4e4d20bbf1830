import { CASE_REASONS, CITIES, COMPANIES, FIRST_NAMES, INDUSTRIES, LAST_NAMES, STAGES, SUBJECTS } from "./phrases.js";
import type { Random } from "./random.js";
import type { SalesforceObject } from "./salesforce-id.js";

/** What a row may draw on: its own number, random values and the Ids of rows written before it. */
export interface RowContext {
  readonly random: Random;
  readonly n: number;
  /** The Id of row `n` of any object. */
  id(object: SalesforceObject, n: number): string;
  /** The Id of some row of an object that is already complete: foreign keys always lead somewhere. */
  some(object: SalesforceObject): string;
  /** A date in the last years, as the export writes it: 2024-05-31 08:15:00. */
  timestamp(): string;
}

export interface Table {
  readonly object: SalesforceObject;
  /** Of the total size. */
  readonly share: number;
  readonly columns: readonly string[];
  /** How many long texts the last column gets, at most. 0: the table has none. */
  readonly texts: number;
  /** The fields but the last (when `texts` > 0), quotation marks already doubled. Under 4 KiB. */
  row(context: RowContext): readonly string[];
}

const audit = (at: RowContext): readonly string[] => [at.some("User"), at.timestamp(), at.some("User"), at.timestamp()];
const AUDIT = ["CreatedById", "CreatedDate", "LastModifiedById", "LastModifiedDate"];
const address = ({ random }: RowContext): readonly string[] => [
  `${1 + random.below(220)} ${random.pick(LAST_NAMES)} Street\nFloor ${random.below(9)}`,
  random.pick(CITIES),
];
const phone = ({ random }: RowContext): string =>
  `+${10 + random.below(80)} ${100 + random.below(900)} ${100000 + random.below(900000)}`;
const email = ({ n }: RowContext): string => `person.${n}@example.com`;

/** In the order in which they are written: a table may refer only to those above it. */
export const TABLES: readonly Table[] = [
  {
    object: "User",
    share: 0.004,
    columns: ["Id", "Username", "LastName", "FirstName", "Email", "IsActive", "TimeZoneSidKey"],
    texts: 0,
    row: (at) => [
      at.id("User", at.n),
      `user.${at.n}@acme.example`,
      at.random.pick(LAST_NAMES),
      at.random.pick(FIRST_NAMES),
      email(at),
      at.random.below(10) > 0 ? "1" : "0",
      "Europe/Zurich",
    ],
  },
  {
    object: "Account",
    share: 0.08,
    columns: [
      "Id",
      "Name",
      "Industry",
      "AnnualRevenue",
      "Phone",
      "BillingStreet",
      "BillingCity",
      "OwnerId",
      ...AUDIT,
      "Description",
    ],
    texts: 2,
    row: (at) => [
      at.id("Account", at.n),
      `${at.random.pick(COMPANIES)} ${at.n}`,
      at.random.pick(INDUSTRIES),
      `${at.random.below(90_000_000)}.0`,
      phone(at),
      ...address(at),
      at.some("User"),
      ...audit(at),
    ],
  },
  {
    object: "Contact",
    share: 0.1,
    columns: [
      "Id",
      "AccountId",
      "LastName",
      "FirstName",
      "Email",
      "Phone",
      "MailingStreet",
      "MailingCity",
      "OwnerId",
      ...AUDIT,
      "Description",
    ],
    texts: 1,
    row: (at) => [
      at.id("Contact", at.n),
      at.some("Account"),
      at.random.pick(LAST_NAMES),
      at.random.pick(FIRST_NAMES),
      email(at),
      phone(at),
      ...address(at),
      at.some("User"),
      ...audit(at),
    ],
  },
  {
    object: "Lead",
    share: 0.05,
    columns: ["Id", "LastName", "FirstName", "Company", "Email", "Status", "OwnerId", ...AUDIT, "Description"],
    texts: 1,
    row: (at) => [
      at.id("Lead", at.n),
      at.random.pick(LAST_NAMES),
      at.random.pick(FIRST_NAMES),
      at.random.pick(COMPANIES),
      email(at),
      at.random.pick(["Open", "Contacted", "Qualified", "Unqualified"]),
      at.some("User"),
      ...audit(at),
    ],
  },
  {
    object: "Opportunity",
    share: 0.08,
    columns: ["Id", "AccountId", "Name", "StageName", "Amount", "CloseDate", "Probability", "OwnerId", ...AUDIT, "Description"],
    texts: 2,
    row: (at) => [
      at.id("Opportunity", at.n),
      at.some("Account"),
      `${at.random.pick(COMPANIES)}, ${at.random.pick(INDUSTRIES)} ${at.n}`,
      at.random.pick(STAGES),
      `${at.random.below(900_000)}.${10 + at.random.below(90)}`,
      at.timestamp().slice(0, 10),
      `${at.random.below(11) * 10}.0`,
      at.some("User"),
      ...audit(at),
    ],
  },
  {
    object: "Case",
    share: 0.16,
    columns: ["Id", "CaseNumber", "AccountId", "ContactId", "Status", "Reason", "Subject", "OwnerId", ...AUDIT, "Description"],
    texts: 4,
    row: (at) => [
      at.id("Case", at.n),
      String(at.n).padStart(8, "0"),
      at.some("Account"),
      at.some("Contact"),
      at.random.pick(["New", "Working", "Escalated", "Closed"]),
      at.random.pick(CASE_REASONS),
      at.random.pick(SUBJECTS),
      at.some("User"),
      ...audit(at),
    ],
  },
  {
    object: "Task",
    share: 0.12,
    columns: ["Id", "WhoId", "WhatId", "Subject", "ActivityDate", "Status", "OwnerId", ...AUDIT, "Description"],
    texts: 2,
    row: (at) => [
      at.id("Task", at.n),
      at.some(at.random.below(4) === 0 ? "Lead" : "Contact"),
      at.some(at.random.below(3) === 0 ? "Opportunity" : "Account"),
      at.random.pick(SUBJECTS),
      at.timestamp().slice(0, 10),
      at.random.pick(["Not Started", "In Progress", "Completed"]),
      at.some("User"),
      ...audit(at),
    ],
  },
];
