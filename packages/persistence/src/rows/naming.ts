import { DefaultNamingStrategy } from "typeorm";

/** `keyEpoch` in the code is `key_epoch` in the database. */
export class SnakeCaseColumns extends DefaultNamingStrategy {
  override columnName(propertyName: string): string {
    return propertyName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
