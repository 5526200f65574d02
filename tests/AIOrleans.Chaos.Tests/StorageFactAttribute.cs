using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Chaos.Tests;

/// <summary>A test that is skipped, with the reason, where its database is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StorageFactAttribute : FactAttribute
{
    public StorageFactAttribute(string storage) => Skip = storage == "postgresql" ? PostgresBinaries.MissingReason : null;
}

/// <summary>Likewise, with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StorageTheoryAttribute : TheoryAttribute
{
    public StorageTheoryAttribute(string storage) => Skip = storage == "postgresql" ? PostgresBinaries.MissingReason : null;
}
