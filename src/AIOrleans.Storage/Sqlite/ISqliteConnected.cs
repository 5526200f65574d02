using Microsoft.Data.Sqlite;

namespace AIOrleans.Storage.Sqlite;

/// <summary>Who has a connection that statements are prepared on.</summary>
internal interface ISqliteConnected
{
    /// <summary>The connection, opened where it was not.</summary>
    SqliteConnection Connection { get; }

    /// <summary>Grows with every connection: statements prepared on an older one are stale.</summary>
    int Generation { get; }
}
