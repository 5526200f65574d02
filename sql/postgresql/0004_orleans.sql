-- Where Orleans keeps silos, grain state and reminders in the Cluster edition. The tables are ours: its ADO.NET providers know
-- them only through the statements in OrleansQuery, which they read once at start and call by key.
-- Each statement is atomic by itself: the providers open no transaction.
-- Source: the parameters and columns that each key must have are in dotnet/orleans, src/AdoNet/Shared/Storage/DbStoredQueries.cs.

-- One row per cluster. Every change of its silos moves the version on by one, and only from the version that its author had read.
CREATE TABLE orleans_cluster (
    cluster_id text    NOT NULL PRIMARY KEY,
    version    integer NOT NULL
);

-- Status: 1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead. suspect_times is Orleans' own text, null when never suspected.
CREATE TABLE orleans_silo (
    cluster_id    text        NOT NULL REFERENCES orleans_cluster (cluster_id) ON DELETE CASCADE,
    address       text        NOT NULL,
    port          integer     NOT NULL,
    generation    integer     NOT NULL,
    silo_name     text        NOT NULL,
    host_name     text        NOT NULL,
    status        integer     NOT NULL,
    gateway_port  integer     NOT NULL,
    suspect_times text,
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
) WITH (fillfactor = 70);

-- Persistent state of grains. payload is null after a clear, and the version goes on, so that an older activation still conflicts.
CREATE TABLE orleans_state (
    service_id   text    NOT NULL,
    type_hash    integer NOT NULL,
    grain_type   text    NOT NULL,
    id_hash      integer NOT NULL,
    id_high      bigint  NOT NULL,
    id_low       bigint  NOT NULL,
    id_extension text,
    version      integer NOT NULL,
    payload      bytea,
    changed_at   timestamptz NOT NULL
) WITH (fillfactor = 70);

-- A missing extension is not an empty one. The whole key must fit an index entry: at most about 2 600 bytes, ours have 512.
CREATE UNIQUE INDEX orleans_state_key
    ON orleans_state (id_hash, type_hash, id_low, id_high, service_id, grain_type, (coalesce('+' || id_extension, '')));

CREATE TABLE orleans_reminder (
    service_id text        NOT NULL,
    grain_id   text        NOT NULL,
    name       text        NOT NULL,
    grain_hash integer     NOT NULL,
    start_at   timestamptz NOT NULL,
    period_ms  bigint      NOT NULL,
    version    integer     NOT NULL,
    PRIMARY KEY (service_id, grain_id, name)
);

-- Each silo reads the reminders of its part of the ring.
CREATE INDEX orleans_reminder_hash ON orleans_reminder (service_id, grain_hash);

-- A reminder removed and registered anew must not get its old version back: whoever still holds that one could remove the new reminder.
CREATE SEQUENCE orleans_reminder_version AS integer CYCLE;

-- Name and columns are fixed by Orleans.
CREATE TABLE OrleansQuery (
    QueryKey  text NOT NULL PRIMARY KEY,
    QueryText text NOT NULL
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- Clustering ---------------------------------------------------------------------------------------------------------------

('InsertMembershipVersionKey', $$
    WITH added AS (
        INSERT INTO orleans_cluster (cluster_id, version)
        VALUES (@DeploymentId, 0)
        ON CONFLICT DO NOTHING
        RETURNING version)
    SELECT EXISTS (SELECT FROM added)
$$),

-- The row of the cluster is locked first: of two authors with one version, the second waits and then finds another version.
('InsertMembershipKey', $$
    WITH moved AS (
        UPDATE orleans_cluster
        SET version = version + 1
        WHERE cluster_id = @DeploymentId
            AND version = @Version
            AND NOT EXISTS (
                SELECT FROM orleans_silo AS known
                WHERE known.cluster_id = @DeploymentId AND known.address = @Address AND known.port = @Port AND known.generation = @Generation)
        RETURNING cluster_id),
    added AS (
        INSERT INTO orleans_silo (
            cluster_id, address, port, generation, silo_name, host_name, status, gateway_port, started_at, alive_at)
        SELECT moved.cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        FROM moved
        RETURNING port)
    SELECT EXISTS (SELECT FROM added)
$$),

('UpdateMembershipKey', $$
    WITH moved AS (
        UPDATE orleans_cluster
        SET version = version + 1
        WHERE cluster_id = @DeploymentId
            AND version = @Version
            AND EXISTS (
                SELECT FROM orleans_silo AS known
                WHERE known.cluster_id = @DeploymentId AND known.address = @Address AND known.port = @Port AND known.generation = @Generation)
        RETURNING cluster_id),
    changed AS (
        UPDATE orleans_silo AS silo
        SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
        FROM moved
        WHERE silo.cluster_id = moved.cluster_id AND silo.address = @Address AND silo.port = @Port AND silo.generation = @Generation
        RETURNING silo.port)
    SELECT EXISTS (SELECT FROM changed)
$$),

-- A sign of life is not a change of the cluster: the version stays.
('UpdateIAmAlivetimeKey', $$
    UPDATE orleans_silo
    SET alive_at = @IAmAliveTime
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),

-- One row without a silo (StartTime is null) when there is none.
('MembershipReadRowKey', $$
    SELECT silo.address AS Address, silo.port AS Port, silo.generation AS Generation, silo.silo_name AS SiloName, silo.host_name AS HostName,
        silo.status AS Status, silo.gateway_port AS ProxyPort, silo.suspect_times AS SuspectTimes, silo.started_at AS StartTime,
        silo.alive_at AS IAmAliveTime, cluster.version AS Version
    FROM orleans_cluster AS cluster
    LEFT JOIN orleans_silo AS silo
        ON silo.cluster_id = cluster.cluster_id AND silo.address = @Address AND silo.port = @Port AND silo.generation = @Generation
    WHERE cluster.cluster_id = @DeploymentId
$$),

('MembershipReadAllKey', $$
    SELECT silo.address AS Address, silo.port AS Port, silo.generation AS Generation, silo.silo_name AS SiloName, silo.host_name AS HostName,
        silo.status AS Status, silo.gateway_port AS ProxyPort, silo.suspect_times AS SuspectTimes, silo.started_at AS StartTime,
        silo.alive_at AS IAmAliveTime, cluster.version AS Version
    FROM orleans_cluster AS cluster
    LEFT JOIN orleans_silo AS silo ON silo.cluster_id = cluster.cluster_id
    WHERE cluster.cluster_id = @DeploymentId
$$),

('DeleteMembershipTableEntriesKey', $$
    DELETE FROM orleans_cluster
    WHERE cluster_id = @DeploymentId
$$),

('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM orleans_silo
    WHERE cluster_id = @DeploymentId AND status = 6 AND alive_at < @IAmAliveTime
$$),

('GatewaysQueryKey', $$
    SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
    FROM orleans_silo
    WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
$$),

-- Persistence: the answer is the new version, or on a conflict the version that was given (null for a first write) -------------

('ReadFromStorageKey', $$
    SELECT payload AS PayloadBinary, version AS Version
    FROM orleans_state
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_low = @GrainIdN0 AND id_high = @GrainIdN1
        AND service_id = @ServiceId AND grain_type = @GrainTypeString AND id_extension IS NOT DISTINCT FROM @GrainIdExtensionString
$$),

('WriteToStorageKey', $$
    WITH changed AS (
        UPDATE orleans_state
        SET payload = @PayloadBinary, version = version + 1, changed_at = now()
        WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_low = @GrainIdN0 AND id_high = @GrainIdN1
            AND service_id = @ServiceId AND grain_type = @GrainTypeString AND id_extension IS NOT DISTINCT FROM @GrainIdExtensionString
            AND version = @GrainStateVersion
        RETURNING version),
    added AS (
        INSERT INTO orleans_state (
            service_id, type_hash, grain_type, id_hash, id_high, id_low, id_extension, version, payload, changed_at)
        SELECT @ServiceId, @GrainTypeHash, @GrainTypeString, @GrainIdHash, @GrainIdN1, @GrainIdN0, @GrainIdExtensionString, 1, @PayloadBinary, now()
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version)
    SELECT coalesce((SELECT version FROM changed), (SELECT version FROM added), @GrainStateVersion) AS NewGrainStateVersion
$$),

('ClearStorageKey', $$
    WITH changed AS (
        UPDATE orleans_state
        SET payload = NULL, version = version + 1, changed_at = now()
        WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_low = @GrainIdN0 AND id_high = @GrainIdN1
            AND service_id = @ServiceId AND grain_type = @GrainTypeString AND id_extension IS NOT DISTINCT FROM @GrainIdExtensionString
            AND version = @GrainStateVersion
        RETURNING version)
    SELECT coalesce((SELECT version FROM changed), @GrainStateVersion) AS NewGrainStateVersion
$$),

('DeleteStorageKey', $$
    WITH removed AS (
        DELETE FROM orleans_state
        WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_low = @GrainIdN0 AND id_high = @GrainIdN1
            AND service_id = @ServiceId AND grain_type = @GrainTypeString AND id_extension IS NOT DISTINCT FROM @GrainIdExtensionString
            AND version = @GrainStateVersion
        RETURNING version + 1 AS version)
    SELECT coalesce((SELECT version FROM removed), @GrainStateVersion) AS NewGrainStateVersion
$$),

-- Reminders ------------------------------------------------------------------------------------------------------------------

('UpsertReminderRowKey', $$
    INSERT INTO orleans_reminder AS reminder (service_id, grain_id, name, grain_hash, start_at, period_ms, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, nextval('orleans_reminder_version')::integer)
    ON CONFLICT (service_id, grain_id, name) DO UPDATE
        SET grain_hash = excluded.grain_hash, start_at = excluded.start_at, period_ms = excluded.period_ms, version = excluded.version
    RETURNING reminder.version AS Version
$$),

('ReadReminderRowsKey', $$
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans_reminder
    WHERE service_id = @ServiceId AND grain_id = @GrainId
$$),

('ReadReminderRowKey', $$
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans_reminder
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName
$$),

('ReadRangeRows1Key', $$
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans_reminder
    WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$$),

-- The part of the ring that contains its seam.
('ReadRangeRows2Key', $$
    SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans_reminder
    WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$$),

('DeleteReminderRowKey', $$
    WITH removed AS (
        DELETE FROM orleans_reminder
        WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version
        RETURNING version)
    SELECT EXISTS (SELECT FROM removed)
$$),

('DeleteReminderRowsKey', $$
    DELETE FROM orleans_reminder
    WHERE service_id = @ServiceId
$$);
