using AIOrleans.Contracts.Accounts;
using AIOrleans.Testing.Serialization;

namespace AIOrleans.Contracts.Tests;

public sealed class SerializationTests
{
    [Fact]
    public void Everything_that_crosses_a_grain_call_can_be_serialised_by_genuine_Orleans() =>
        Assert.Empty(SerializerAnnotations.FindMissing([typeof(IAccountGrain).Assembly]));
}
