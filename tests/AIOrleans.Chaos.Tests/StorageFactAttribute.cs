using AIOrleans.Storage.Tests.Support;

namespace AIOrleans.Chaos.Tests;

/// <summary>A test that is skipped, with the reason, where its database is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StorageFactAttribute : FactAttribute
{
    public StorageFactAttribute(string storage) => Skip = storage == "postgresql" ? PostgresBinaries.MissingReason : null;
}

/// <summary>A run that needs a quiet machine to be judged fairly: skipped unless <c>AIORLEANS_CHAOS=1</c> asks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongStorageFactAttribute : FactAttribute
{
    private const string Variable = "AIORLEANS_CHAOS";

    public LongStorageFactAttribute(string storage) => Skip = ReasonToSkip(storage);

    internal static string? ReasonToSkip(string storage) =>
        storage == "postgresql" && PostgresBinaries.MissingReason is { } missing ? missing
        : Environment.GetEnvironmentVariable(Variable) == "1" ? null
        : $"Takes long and wants a quiet machine; set {Variable}=1 to run it.";
}

/// <summary>Likewise, with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongStorageTheoryAttribute : TheoryAttribute
{
    public LongStorageTheoryAttribute(string storage) => Skip = LongStorageFactAttribute.ReasonToSkip(storage);
}
