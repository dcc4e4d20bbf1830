import type { MigrationInterface, QueryRunner } from "typeorm";

/** What listeners are told of; see EventRepository. */
export class AccountEvents1795478400000 implements MigrationInterface {
  name = "AccountEvents1795478400000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE account_event (
      account_id varchar(64) NOT NULL REFERENCES account (id),
      sequence bigint NOT NULL,
      at bigint NOT NULL,
      kind varchar(64) NOT NULL,
      subject varchar(64),
      progress boolean NOT NULL,
      PRIMARY KEY (account_id, sequence)
    )`);
    await runner.query("CREATE INDEX account_event_age ON account_event (at, sequence)");
    await runner.query("CREATE INDEX account_event_progress ON account_event (account_id, kind, subject) WHERE progress");
    await runner.query(`CREATE TABLE account_event_head (
      account_id varchar(64) PRIMARY KEY REFERENCES account (id),
      sequence bigint NOT NULL,
      forgotten_to bigint NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP TABLE account_event_head");
    await runner.query("DROP TABLE account_event");
  }
}
