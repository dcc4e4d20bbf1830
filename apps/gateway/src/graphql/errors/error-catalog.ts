import { ERROR_CATALOG, ERROR_CODES } from "@ekm/ekm";
import { Query, Resolver } from "type-graphql";
import { ErrorCatalogEntryView } from "./error-catalog-entry.js";

@Resolver()
export class ErrorCatalog {
  @Query(() => [ErrorCatalogEntryView], {
    description: "Every error code with its meaning, remedy and whether a retry can help.",
  })
  errorCatalog(): ErrorCatalogEntryView[] {
    return ERROR_CODES.map((code) => ({ code, ...ERROR_CATALOG[code] }));
  }
}
