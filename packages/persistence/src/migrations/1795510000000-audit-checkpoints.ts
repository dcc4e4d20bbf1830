import type { MigrationInterface, QueryRunner } from "typeorm";

/** Signed statements of how far each audit chain had come; see CheckpointRepository. */
export class AuditCheckpoints1795510000000 implements MigrationInterface {
  name = "AuditCheckpoints1795510000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE audit_round (
      round bigint PRIMARY KEY NOT NULL,
      at bigint NOT NULL,
      jws text NOT NULL,
      digest varchar(64) NOT NULL,
      exported boolean NOT NULL
    )`);
    await runner.query("CREATE INDEX audit_round_unexported ON audit_round (exported, round)");
    await runner.query(`CREATE TABLE audit_checkpoint (
      account_id varchar(64) NOT NULL REFERENCES account (id),
      sequence bigint NOT NULL,
      hash varchar(64) NOT NULL,
      round bigint NOT NULL REFERENCES audit_round (round),
      jws text NOT NULL,
      digest varchar(64) NOT NULL,
      PRIMARY KEY (account_id, sequence)
    )`);
    await runner.query("CREATE INDEX audit_checkpoint_round ON audit_checkpoint (round, account_id)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE audit_checkpoint");
    await runner.query("DROP TABLE audit_round");
  }
}
