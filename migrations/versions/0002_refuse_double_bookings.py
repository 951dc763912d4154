"""Refuse double bookings in the database itself, freeze published protocols and audit events."""

from alembic import op

revision = "0002"
down_revision = "0001"

LIVE = "('pending', 'booked', 'arrived', 'fulfilled')"

REWRITTEN = """NEW.status = 'draft'
    OR OLD.document{text} <> NEW.document{text} OR OLD.signatures{text} <> NEW.signatures{text}
    OR OLD.number <> NEW.number OR OLD.protocol_id <> NEW.protocol_id"""

POSTGRESQL_UP = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """ALTER TABLE claim ADD CONSTRAINT no_two_at_once EXCLUDE USING gist (
        bookable_id WITH =, tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (live AND exclusive)""",
    f"""ALTER TABLE appointment ADD CONSTRAINT patient_in_one_place EXCLUDE USING gist (
        patient_id WITH =, tstzrange(patient_from, patient_until) WITH &&
    ) WHERE (patient_from IS NOT NULL AND status IN {LIVE})""",
    # The peak over the new claim is reached where some claim begins, or where the new one does.
    """CREATE FUNCTION claim_fits() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE most integer; peak integer;
    BEGIN
        IF NOT NEW.live OR NEW.units = 0 THEN RETURN NEW; END IF;
        SELECT capacity INTO most FROM bookable WHERE id = NEW.bookable_id;
        SELECT max(total) INTO peak FROM (
            SELECT (SELECT sum(o.units) FROM claim o
                    WHERE o.bookable_id = NEW.bookable_id AND o.live AND o.id <> NEW.id
                      AND o.starts_at <= p.at AND o.ends_at > p.at) AS total
            FROM (SELECT NEW.starts_at AS at
                  UNION SELECT c.starts_at FROM claim c
                  WHERE c.bookable_id = NEW.bookable_id AND c.live AND c.id <> NEW.id
                    AND c.starts_at > NEW.starts_at AND c.starts_at < NEW.ends_at) AS p
        ) AS totals;
        IF coalesce(peak, 0) + NEW.units > most THEN
            RAISE EXCEPTION 'over capacity' USING ERRCODE = '23P01', CONSTRAINT = 'within_capacity';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER claim_fits BEFORE INSERT OR UPDATE ON claim
        FOR EACH ROW EXECUTE FUNCTION claim_fits()""",
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME USING ERRCODE = '23514'; END $$""",
    """CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    f"""CREATE TRIGGER published_stays BEFORE UPDATE ON protocol_version FOR EACH ROW
        WHEN (OLD.status <> 'draft' AND ({REWRITTEN.format(text="::text")}))
        EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER published_is_kept BEFORE DELETE ON protocol_version FOR EACH ROW
        WHEN (OLD.status <> 'draft') EXECUTE FUNCTION refuse_change()""",
]

POSTGRESQL_DOWN = [
    "DROP TRIGGER published_is_kept ON protocol_version",
    "DROP TRIGGER published_stays ON protocol_version",
    "DROP TRIGGER audit_only_grows ON audit_event",
    "DROP FUNCTION refuse_change",
    "DROP TRIGGER claim_fits ON claim",
    "DROP FUNCTION claim_fits",
    "ALTER TABLE appointment DROP CONSTRAINT patient_in_one_place",
    "ALTER TABLE claim DROP CONSTRAINT no_two_at_once",
]

PEAK = """(SELECT coalesce(max(total), 0) FROM (
    SELECT (SELECT sum(o.units) FROM claim o
            WHERE o.bookable_id = NEW.bookable_id AND o.live AND o.id <> NEW.id
              AND o.starts_at <= p.at AND o.ends_at > p.at) AS total
    FROM (SELECT NEW.starts_at AS at
          UNION SELECT c.starts_at FROM claim c
          WHERE c.bookable_id = NEW.bookable_id AND c.live AND c.id <> NEW.id
            AND c.starts_at > NEW.starts_at AND c.starts_at < NEW.ends_at) AS p))"""

OVERLAP = """EXISTS (SELECT 1 FROM claim o WHERE o.bookable_id = NEW.bookable_id AND o.live
    AND o.exclusive AND o.id <> NEW.id
    AND o.starts_at < NEW.ends_at AND o.ends_at > NEW.starts_at)"""

ELSEWHERE = f"""EXISTS (SELECT 1 FROM appointment o WHERE o.patient_id = NEW.patient_id
    AND o.id <> NEW.id AND o.status IN {LIVE} AND o.patient_from IS NOT NULL
    AND o.patient_from < NEW.patient_until AND o.patient_until > NEW.patient_from)"""


def _sqlite_up() -> list[str]:
    made = []
    for when in ("INSERT", "UPDATE"):
        name = when.lower()
        made += [
            f"""CREATE TRIGGER no_two_at_once_{name} BEFORE {when} ON claim
            WHEN NEW.live AND NEW.exclusive AND {OVERLAP}
            BEGIN SELECT RAISE(ABORT, 'no_two_at_once'); END""",
            f"""CREATE TRIGGER within_capacity_{name} BEFORE {when} ON claim
            WHEN NEW.live AND NEW.units > 0 AND {PEAK} + NEW.units >
                (SELECT capacity FROM bookable WHERE id = NEW.bookable_id)
            BEGIN SELECT RAISE(ABORT, 'within_capacity'); END""",
            f"""CREATE TRIGGER patient_in_one_place_{name} BEFORE {when} ON appointment
            WHEN NEW.patient_from IS NOT NULL AND NEW.status IN {LIVE} AND {ELSEWHERE}
            BEGIN SELECT RAISE(ABORT, 'patient_in_one_place'); END""",
        ]
    for when in ("UPDATE", "DELETE"):
        made.append(
            f"""CREATE TRIGGER audit_only_grows_{when.lower()} BEFORE {when} ON audit_event
            BEGIN SELECT RAISE(ABORT, 'audit_event is never changed'); END"""
        )
    changed = {"UPDATE": f"OLD.status <> 'draft' AND ({REWRITTEN.format(text='')})"}
    for when, condition in (changed | {"DELETE": "OLD.status <> 'draft'"}).items():
        name = "published_stays" if when == "UPDATE" else "published_is_kept"
        made.append(
            f"""CREATE TRIGGER {name} BEFORE {when} ON protocol_version WHEN {condition}
            BEGIN SELECT RAISE(ABORT, 'protocol_version is never changed'); END"""
        )
    return made


def _sqlite_down() -> list[str]:
    named = ["no_two_at_once", "within_capacity", "patient_in_one_place"]
    names = [f"{name}_{when}" for name in named for when in ("insert", "update")]
    names += ["audit_only_grows_update", "audit_only_grows_delete"]
    names += ["published_stays", "published_is_kept"]
    return [f"DROP TRIGGER {name}" for name in names]


def _run(statements: list[str]) -> None:
    for statement in statements:
        op.execute(statement)


def upgrade() -> None:
    """Each database's own way of having the last word."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    _run(POSTGRESQL_UP if postgresql else _sqlite_up())


def downgrade() -> None:
    """Without the constraints only the locks stand between two bookings."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    _run(POSTGRESQL_DOWN if postgresql else _sqlite_down())
