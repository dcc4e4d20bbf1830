import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import type { GraphQLContext } from "../context.js";
import { shown } from "../shown.js";
import { DiagnosisView } from "./diagnosis.js";
import { presentDiagnosis } from "./present-diagnosis.js";

@Resolver(() => AccountView)
export class AccountDiagnosis {
  @FieldResolver(() => DiagnosisView, { description: "Why backups and restores fail, and what to do, in words for a ticket." })
  async diagnosis(@Root() account: AccountView, @Ctx() { caller, useCases }: GraphQLContext): Promise<DiagnosisView> {
    return presentDiagnosis(await shown(useCases.queries.diagnosis(caller, account.id)));
  }
}
