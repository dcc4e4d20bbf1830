import type { MigrationInterface, QueryRunner } from "typeorm";

const JOB_RECORD = `
  id varchar(64) PRIMARY KEY,
  account_id varchar(64) NOT NULL REFERENCES account (id),
  status varchar(64) NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  bytes_done bigint NOT NULL,
  bytes_total bigint,
  items_done bigint NOT NULL,
  items_total bigint,
  created_at bigint NOT NULL,
  started_at bigint,
  finished_at bigint,
  max_bytes_per_second bigint,
  cancel_requested_at bigint,
  requested_by text NOT NULL,
  problem text`;

const KEY_HEALTH = `
  key_arn text NOT NULL,
  state varchar(64) NOT NULL CHECK (state IN ('HEALTHY', 'DEGRADED', 'UNUSABLE', 'LOCKED', 'UNKNOWN')),
  since bigint NOT NULL,
  problem text,
  warnings text NOT NULL,
  checked_at bigint NOT NULL,
  last_usable_at bigint,
  deletion_date bigint`;

/** Times are ms since 1970. Only what SQLite and PostgreSQL both understand; the one type with two names is chosen below. */
const statements = (blob: "blob" | "bytea") => [
  `CREATE TABLE account (
    id varchar(64) PRIMARY KEY,
    name text NOT NULL,
    name_folded text NOT NULL,
    created_at bigint NOT NULL,
    ekm_status varchar(64) NOT NULL CHECK (ekm_status IN ('NOT_ACTIVATED', 'ACTIVATED', 'ENABLED', 'ROTATING')),
    key_management varchar(64) NOT NULL,
    lapsed_at bigint,
    activated_at bigint,
    activated_by text,
    ticket text,
    activation_expires_at bigint,
    terms_version varchar(64),
    terms_sha256 varchar(64),
    terms_accepted_by text,
    terms_accepted_at bigint,
    key_arn text,
    key_multi_region boolean,
    key_enabled_at bigint,
    key_warnings text,
    rotation_id varchar(64),
    vendor_key_arn text,
    vendor_key_created_at bigint,
    vendor_key_deletion_date bigint,
    locked_at bigint,
    locked_by text,
    lock_reason text,
    key_epoch integer NOT NULL,
    version integer NOT NULL,
    health_state varchar(64),
    health_checked_at bigint NOT NULL,
    CHECK ((key_management = 'ENTERPRISE') = (ekm_status IN ('ENABLED', 'ROTATING'))),
    CHECK ((key_arn IS NOT NULL) = (key_management = 'ENTERPRISE')),
    CHECK ((rotation_id IS NOT NULL) = (ekm_status = 'ROTATING'))
  )`,
  `CREATE INDEX account_ekm_status ON account (ekm_status, id)`,
  `CREATE INDEX account_key_management ON account (key_management, id)`,
  `CREATE INDEX account_health_state ON account (health_state, id)`,
  `CREATE INDEX account_due_for_probe ON account (key_management, health_checked_at, id)`,
  `CREATE INDEX account_key_arn ON account (key_arn)`,

  `CREATE TABLE key_generation (
    account_id varchar(64) NOT NULL REFERENCES account (id),
    generation integer NOT NULL CHECK (generation >= 1),
    check_value text NOT NULL,
    created_at bigint NOT NULL,
    closed_at bigint,
    reserved_wraps bigint NOT NULL CHECK (reserved_wraps BETWEEN 0 AND 1073741824),
    PRIMARY KEY (account_id, generation)
  )`,
  // No foreign key to key_generation: the wrap of a generation that enabling is about to begin is written before its row.
  `CREATE TABLE key_wrap (
    id varchar(64) PRIMARY KEY,
    account_id varchar(64) NOT NULL REFERENCES account (id),
    generation integer NOT NULL,
    key_arn text NOT NULL,
    ciphertext ${blob} NOT NULL CHECK (length(ciphertext) BETWEEN 1 AND 6144),
    state varchar(64) NOT NULL CHECK (state IN ('PENDING', 'CURRENT', 'SUPERSEDED')),
    rotation_id varchar(64),
    created_at bigint NOT NULL,
    UNIQUE (account_id, generation, key_arn)
  )`,
  `CREATE INDEX key_wrap_generation ON key_wrap (account_id, generation, id)`,
  `CREATE UNIQUE INDEX key_wrap_one_current ON key_wrap (account_id, generation) WHERE state = 'CURRENT'`,
  `CREATE INDEX key_wrap_key_arn ON key_wrap (account_id, key_arn, state)`,
  `CREATE TABLE canary_wrap (
    account_id varchar(64) NOT NULL REFERENCES account (id),
    key_arn text NOT NULL,
    ciphertext ${blob} NOT NULL CHECK (length(ciphertext) BETWEEN 1 AND 6144),
    check_value text NOT NULL,
    PRIMARY KEY (account_id, key_arn)
  )`,

  `CREATE TABLE key_health (account_id varchar(64) PRIMARY KEY REFERENCES account (id), id varchar(64) NOT NULL, ${KEY_HEALTH})`,
  `CREATE TABLE key_health_history (
    id varchar(64) PRIMARY KEY,
    account_id varchar(64) NOT NULL REFERENCES account (id),
    ${KEY_HEALTH}
  )`,
  `CREATE INDEX key_health_history_account ON key_health_history (account_id, id)`,

  `CREATE TABLE backup_source (
    id varchar(64) PRIMARY KEY,
    account_id varchar(64) NOT NULL REFERENCES account (id),
    name text NOT NULL,
    kind varchar(64) NOT NULL,
    location text NOT NULL,
    created_at bigint NOT NULL
  )`,
  `CREATE INDEX backup_source_account ON backup_source (account_id, id)`,

  `CREATE TABLE backup (
    ${JOB_RECORD},
    source_id varchar(64) NOT NULL REFERENCES backup_source (id),
    created_under varchar(64) NOT NULL,
    generation integer,
    manifest_object_name text,
    manifest_digest varchar(64),
    manifest_version integer,
    bytes bigint,
    items bigint,
    content_digest varchar(64),
    last_sealed_at bigint
  )`,
  `CREATE INDEX backup_account ON backup (account_id, id)`,
  `CREATE INDEX backup_account_status ON backup (account_id, status, id)`,
  `CREATE INDEX backup_account_source ON backup (account_id, source_id, id)`,
  // Covers the sums over succeeded backups, which are asked for with every look at the settings.
  `CREATE INDEX backup_impact ON backup (account_id, status, generation, bytes)`,

  `CREATE TABLE restore (
    ${JOB_RECORD},
    backup_id varchar(64) NOT NULL REFERENCES backup (id),
    target text NOT NULL,
    overwrite boolean NOT NULL,
    content_digest varchar(64),
    bytes_released bigint NOT NULL,
    last_byte_released_at bigint
  )`,
  `CREATE INDEX restore_account ON restore (account_id, id)`,
  `CREATE INDEX restore_account_status ON restore (account_id, status, id)`,

  `CREATE TABLE verification (
    ${JOB_RECORD},
    backup_id varchar(64) NOT NULL REFERENCES backup (id),
    sample_percent integer NOT NULL
  )`,

  `CREATE TABLE key_rotation (
    id varchar(64) PRIMARY KEY,
    account_id varchar(64) NOT NULL REFERENCES account (id),
    from_arn text NOT NULL,
    to_arn text NOT NULL,
    to_multi_region boolean NOT NULL,
    to_warnings text NOT NULL,
    status varchar(64) NOT NULL CHECK (status IN ('RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED')),
    paused_by varchar(64) CHECK (paused_by IN ('ADMIN', 'KEY')),
    rewrapped integer NOT NULL,
    total integer NOT NULL,
    started_at bigint NOT NULL,
    started_by text NOT NULL,
    paused_at bigint,
    switched_at bigint,
    finished_at bigint,
    problem text,
    accepts_loss boolean NOT NULL,
    retirement_jws text,
    retirement_key_id text,
    retirement_signed_at bigint,
    retirement_safe_after bigint,
    retirement_generations integer,
    retirement_backups bigint
  )`,
  `CREATE INDEX key_rotation_account ON key_rotation (account_id, id)`,
  `CREATE UNIQUE INDEX key_rotation_one_active ON key_rotation (account_id) WHERE status IN ('RUNNING', 'PAUSED')`,
  `CREATE TABLE generation_failure (
    rotation_id varchar(64) NOT NULL REFERENCES key_rotation (id),
    generation integer NOT NULL,
    backups bigint NOT NULL,
    problem text NOT NULL,
    PRIMARY KEY (rotation_id, generation)
  )`,

  `CREATE TABLE audit_event (
    id varchar(64) PRIMARY KEY,
    account_id varchar(64) NOT NULL REFERENCES account (id),
    sequence bigint NOT NULL CHECK (sequence >= 1),
    at bigint NOT NULL,
    actor text NOT NULL,
    action varchar(64) NOT NULL,
    outcome varchar(64) NOT NULL,
    subject text,
    detail text NOT NULL,
    aws_request_ids text NOT NULL,
    hash varchar(64) NOT NULL,
    previous_hash varchar(64) NOT NULL,
    UNIQUE (account_id, sequence)
  )`,
  `CREATE INDEX audit_event_action ON audit_event (account_id, action, sequence)`,
  `CREATE TABLE audit_head (
    account_id varchar(64) PRIMARY KEY REFERENCES account (id),
    sequence bigint NOT NULL CHECK (sequence >= 1),
    hash varchar(64) NOT NULL
  )`,

  `CREATE TABLE job (
    id varchar(64) PRIMARY KEY,
    kind varchar(64) NOT NULL,
    priority integer NOT NULL,
    account_id varchar(64) NOT NULL REFERENCES account (id),
    subject_id varchar(64) NOT NULL,
    enqueued_at bigint NOT NULL,
    free_at bigint NOT NULL,
    fence bigint NOT NULL,
    attempts integer NOT NULL,
    owner text
  )`,
  `CREATE INDEX job_order ON job (priority, enqueued_at, id)`,
  `CREATE INDEX job_free ON job (free_at, kind)`,
  `CREATE INDEX job_subject ON job (subject_id, kind)`,

  // The scope may be a caller without an account, so that it refers to nothing.
  `CREATE TABLE idempotency_record (
    scope text NOT NULL,
    operation varchar(64) NOT NULL,
    idempotency_key text NOT NULL,
    body_hash varchar(64) NOT NULL,
    claimed_at bigint NOT NULL,
    result text,
    PRIMARY KEY (scope, operation, idempotency_key)
  )`,
  `CREATE INDEX idempotency_record_age ON idempotency_record (claimed_at)`,

  `CREATE TABLE kms_intent (
    id varchar(64) PRIMARY KEY,
    account_id varchar(64) NOT NULL REFERENCES account (id),
    purpose varchar(64) NOT NULL,
    key_arn text,
    at bigint NOT NULL,
    finished_at bigint,
    outcome varchar(64) CHECK (outcome IN ('DONE', 'FAILED')),
    aws_request_ids text NOT NULL,
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
  )`,
  `CREATE INDEX kms_intent_unfinished ON kms_intent (at, id) WHERE finished_at IS NULL`,
];

const TABLES = [
  "kms_intent",
  "idempotency_record",
  "job",
  "audit_head",
  "audit_event",
  "generation_failure",
  "key_rotation",
  "verification",
  "restore",
  "backup",
  "backup_source",
  "key_health_history",
  "key_health",
  "canary_wrap",
  "key_wrap",
  "key_generation",
  "account",
];

export class Initial1767225600000 implements MigrationInterface {
  name = "Initial1767225600000";

  async up(runner: QueryRunner): Promise<void> {
    const blob = runner.connection.options.type === "postgres" ? "bytea" : "blob";
    for (const statement of statements(blob)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}
