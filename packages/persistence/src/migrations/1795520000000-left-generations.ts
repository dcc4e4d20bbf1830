import type { MigrationInterface, QueryRunner } from "typeorm";

/** What enabling left behind, and why; see KeyGeneration. */
export class LeftGenerations1795520000000 implements MigrationInterface {
  name = "LeftGenerations1795520000000";

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE key_generation ADD COLUMN left_because varchar(64)");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE key_generation DROP COLUMN left_because");
  }
}
