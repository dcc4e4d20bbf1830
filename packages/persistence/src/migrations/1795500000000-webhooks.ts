import type { MigrationInterface, QueryRunner } from "typeorm";

/** Webhooks and what they are sent; see WebhookRepository, WebhookDeliveryRepository and DeletionReminderRepository. */
export class Webhooks1795500000000 implements MigrationInterface {
  name = "Webhooks1795500000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE webhook (
      id varchar(64) PRIMARY KEY,
      account_id varchar(64) NOT NULL REFERENCES account (id),
      url text NOT NULL,
      description text,
      kinds text,
      created_at bigint NOT NULL,
      created_by text NOT NULL,
      secrets text NOT NULL,
      failing_since bigint,
      disabled_at bigint,
      disabled_reason varchar(64)
    )`);
    await runner.query("CREATE INDEX webhook_account ON webhook (account_id, id)");

    await runner.query(`CREATE TABLE webhook_delivery (
      id varchar(64) PRIMARY KEY,
      account_id varchar(64) NOT NULL REFERENCES account (id),
      webhook_id varchar(64) NOT NULL REFERENCES webhook (id),
      message_id varchar(64) NOT NULL,
      type varchar(64) NOT NULL,
      body text NOT NULL,
      created_at bigint NOT NULL,
      state varchar(64) NOT NULL,
      next_attempt_at bigint,
      finished_at bigint,
      tries integer NOT NULL,
      fence integer NOT NULL,
      attempts text NOT NULL
    )`);
    await runner.query("CREATE INDEX webhook_delivery_page ON webhook_delivery (webhook_id, id)");
    await runner.query("CREATE INDEX webhook_delivery_state ON webhook_delivery (webhook_id, state, id)");
    // What is due is looked for many times a second, and passes over webhooks and accounts that have enough under way.
    await runner.query(`CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at, id, webhook_id, account_id)
      WHERE next_attempt_at IS NOT NULL`);
    await runner.query("CREATE INDEX webhook_delivery_age ON webhook_delivery (finished_at, id) WHERE finished_at IS NOT NULL");

    await runner.query(`CREATE TABLE deletion_reminder (
      account_id varchar(64) PRIMARY KEY REFERENCES account (id),
      deletion_date bigint NOT NULL,
      step bigint NOT NULL
    )`);
    await runner.query(`CREATE INDEX key_health_deletion ON key_health (deletion_date, account_id)
      WHERE deletion_date IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DROP INDEX key_health_deletion");
    for (const table of ["deletion_reminder", "webhook_delivery", "webhook"]) await runner.query(`DROP TABLE ${table}`);
  }
}
