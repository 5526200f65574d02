using AIOrleans.Testing.Serialization;

namespace AIOrleans.Engine.Tests;

public sealed class SerializationTests
{
    [Fact]
    public void The_grains_of_these_tests_send_nothing_that_Orleans_could_not_write() =>
        // Messages that lack marks on purpose are all called so.
        Assert.DoesNotContain(
            SerializerAnnotations.FindMissing([typeof(SerializationTests).Assembly]), static line => !line.Contains("Message", StringComparison.Ordinal));
}
