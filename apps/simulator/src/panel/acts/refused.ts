/** What was asked for cannot be done; the message is for people. */
export class Refused extends Error {
  override readonly name = "Refused";
}
