import { Field, Int, ObjectType } from "type-graphql";
import { BigIntString } from "../scalars/big-int.js";
import { DateTime } from "../scalars/date-time.js";

@ObjectType("RetirementCertificate", {
  simpleResolvers: true,
  description:
    "Signed (JWS) proof that nothing live depends on fromArn; the old key may be retired from safeToRetireAfter on. Its public key: /.well-known/ekm-keys.json.",
})
export class RetirementCertificateView {
  @Field(() => String, {
    description: "A compact JWS (Ed25519) over the claims: account, both keys, what was counted, when the old key may go.",
  })
  readonly jws!: string;

  @Field(() => String, { description: "`kid` of the key that signed it." })
  readonly keyId!: string;

  @Field(() => DateTime, { description: "When it was signed." })
  readonly signedAt!: Date;

  @Field(() => DateTime, {
    description: "Switch, and retention of our database backups, and one key lease. Keep the old key until then.",
  })
  readonly safeToRetireAfter!: Date;

  @Field(() => Int, { description: "Generations that were found under the new key." })
  readonly generationsCounted!: number;

  @Field(() => BigIntString, { description: "Succeeded backups that those generations open." })
  readonly backupsCovered!: bigint;
}
