using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Host.Tests.Spread;

/// <summary>A fact that needs the PostgreSQL binaries; skipped, with the reason, where they are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresBinaries.MissingReason;
}
