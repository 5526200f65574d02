using AIOrleans.Benchmarks.Capacity;

namespace AIOrleans.Core.Tests.Capacity;

public sealed class CapacityCommandTests
{
    [Fact]
    public void Without_options_every_step_to_a_million_has_a_line()
    {
        using var output = new StringWriter();

        Assert.Equal(0, CapacityCommand.Run([], output));
        Assert.Equal(6, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("| 1,000,000 | 100,000,000 |", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_change_costs()
    {
        using var output = new StringWriter();

        Assert.Equal(0, CapacityCommand.Run(["--requests", "1000", "--accounts", "2000000", "--record-bytes", "5000", "--pairs-per-database", "500"], output));
        Assert.Contains("| 10.0 GB | 2 (2, ", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--requests")]
    [InlineData("--requests", "many")]
    [InlineData("--hot-percent", "101")]
    [InlineData("--silos", "3")]
    [InlineData("--silo-processors", "0")]
    public void Refuses_what_it_does_not_understand(params string[] args)
    {
        using var output = new StringWriter();

        Assert.Equal(2, CapacityCommand.Run(args, output));
        Assert.Contains("--requests N", output.ToString(), StringComparison.Ordinal);
    }
}
