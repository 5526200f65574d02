using System.Globalization;
using Dapper;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Compat.State;

/// <summary>Keeps records as JSON in a SQLite file. The ETag is a version that every write increases, and that outlives a cleared record.</summary>
internal sealed class SqliteGrainStorage : IGrainStorage, IDisposable
{
    private const string Schema =
        "CREATE TABLE IF NOT EXISTS grain_state (storage TEXT NOT NULL, state TEXT NOT NULL, grain TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NULL, "
        + "PRIMARY KEY (storage, state, grain)) WITHOUT ROWID";

    // A cleared record stays as a row without JSON, so that its version cannot come again.
    private const string Update =
        "UPDATE grain_state SET version = version + 1, json = @json WHERE storage = @storage AND state = @state AND grain = @grain "
        + "AND ((@expected IS NULL AND json IS NULL) OR (version = @expected AND json IS NOT NULL)) RETURNING version";

    private const string Insert =
        "INSERT INTO grain_state (storage, state, grain, version, json) VALUES (@storage, @state, @grain, 1, @json) ON CONFLICT DO NOTHING RETURNING version";

    private const string Select = "SELECT version, json FROM grain_state WHERE storage = @storage AND state = @state AND grain = @grain AND json IS NOT NULL";

    private readonly string name;
    private readonly SqliteFile file;

    internal SqliteGrainStorage(string name, string path)
    {
        this.name = name;
        file = new SqliteFile(path, Schema);
    }

    public void Dispose() => file.Dispose();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (long Version, string? Json) row = file.Use(
            connection => connection.QuerySingleOrDefault<(long, string?)>(Select, new { storage = name, state = stateName, grain = grainId.ToString() }));
        grainState.RecordExists = row.Json is not null;
        grainState.State = row.Json is null ? NewState.Of<T>() : StateJson.Read<T>(row.Json);
        grainState.ETag = row.Json is null ? null : row.Version.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = Replace(stateName, grainId, grainState.ETag, StateJson.Write(grainState.State)).ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null)
        {
            Replace(stateName, grainId, grainState.ETag, null);
        }

        grainState.State = NewState.Of<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private long Replace(string stateName, GrainId grainId, string? expected, string? json)
    {
        var values = new
        {
            storage = name,
            state = stateName,
            grain = grainId.ToString(),
            json,
            expected = expected is null ? (long?)null : long.Parse(expected, CultureInfo.InvariantCulture),
        };
        long? version = file.Use(connection => connection.ExecuteScalar<long?>(Update, values) ?? (expected is null ? connection.ExecuteScalar<long?>(Insert, values) : null));
        return version ?? throw Conflict(stateName, grainId, expected);
    }

    private InconsistentStateException Conflict(string stateName, GrainId grainId, string? expected)
    {
        (long Version, string? Json) row = file.Use(
            connection => connection.QuerySingleOrDefault<(long, string?)>(Select, new { storage = name, state = stateName, grain = grainId.ToString() }));
        string? stored = row.Json is null ? null : row.Version.ToString(CultureInfo.InvariantCulture);
        return new InconsistentStateException($"State '{stateName}' of {grainId} was changed by somebody else since it was read.", stored, expected);
    }
}
