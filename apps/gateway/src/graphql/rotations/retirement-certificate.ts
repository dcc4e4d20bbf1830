import { Field, Int, ObjectType } from "type-graphql";
import { BigIntString } from "../scalars/big-int.js";
import { DateTime } from "../scalars/date-time.js";

@ObjectType("RetirementCertificate", {
  simpleResolvers: true,
  description:
    "Signed (JWS) proof that nothing live depends on fromArn; the old key may be retired from safeToRetireAfter on. Its public key: /.well-known/ekm-keys.json.",
})
export class RetirementCertificateView {
  @Field(() => String)
  readonly jws!: string;

  @Field(() => String)
  readonly keyId!: string;

  @Field(() => DateTime)
  readonly signedAt!: Date;

  @Field(() => DateTime)
  readonly safeToRetireAfter!: Date;

  @Field(() => Int)
  readonly generationsCounted!: number;

  @Field(() => BigIntString)
  readonly backupsCovered!: bigint;
}
