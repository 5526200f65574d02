using AIOrleans.Architecture.Tests.Sources;
using AIOrleans.Contracts.Accounts;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AIOrleans.Architecture.Tests.Contracts;

/// <summary>Silos of two versions talk to each other during an upgrade: what they say to each other changes only under review.</summary>
public sealed class ContractTests
{
    private static readonly Type[] Types =
        [.. typeof(IAccountGrain).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("AIOrleans.Contracts", StringComparison.Ordinal) == true)];

    private static readonly IReadOnlyList<Contract> Actual = Contract.Of(Types);

    [Fact]
    public void Contracts_are_as_reviewed()
    {
        string accepted = Repository.Exists(FrozenContracts.Path) ? Repository.Read(FrozenContracts.Path) : "";
        IReadOnlyList<string> renumbered = FrozenContracts.Renumbered(Actual, accepted);
        Assert.True(renumbered.Count == 0, string.Join('\n', renumbered));

        string actual = FrozenContracts.Write(Actual, accepted);
        if (Environment.GetEnvironmentVariable("UPDATE_CONTRACTS") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, FrozenContracts.Path), actual);
            return;
        }

        IReadOnlyList<string> differences = FrozenContracts.Differences(accepted, actual);
        Assert.True(
            differences.Count == 0,
            $"The wire changed:\n{string.Join('\n', differences)}\nOlder silos must still understand it: add members with new ids, never renumber, "
            + "rename or retype one. "
            + $"To accept: UPDATE_CONTRACTS=1 dotnet test tests/AIOrleans.Architecture.Tests, and have the change of {FrozenContracts.Path} reviewed.");
    }

    [Fact]
    public void Every_contract_is_fit_for_the_wire()
    {
        string[] faults = [.. Actual.SelectMany(contract => contract.Faults), .. AliasesTwice(Actual)];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Everything_carried_has_a_serializer()
    {
        string[] faults = [.. Contract.Unserialisable(Types)];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [Fact]
    public void There_is_something_to_freeze()
    {
        Assert.Contains(Actual, contract => contract is { Kind: "grain", Alias: "aiorleans.account" });
        Assert.Contains(Actual, contract => contract is { Kind: "message", Alias: "aiorleans.usage-event" });
        Assert.Contains(Actual, contract => contract is { Kind: "enum", Name: "AIOrleans.Core.Limits.LimitKind" });
    }

    [Fact]
    public void Every_serialised_type_of_the_product_has_an_alias() => Findings.AssertNone(Repository.OwnProduct.SelectMany(Unaliased));

    [Fact]
    public void Catches_a_serialised_type_without_an_alias()
    {
        Assert.Single(Findings.Of(Unaliased, "[GenerateSerializer, Immutable] public sealed record A;"));
        Assert.Empty(Findings.Of(Unaliased, "[GenerateSerializer, Alias(\"a\")] public sealed record A;"));
    }

    [Fact]
    public void Writes_grains_messages_enums_and_constants()
    {
        string text = FrozenContracts.Write(Contract.Of([typeof(Samples.IGoodGrain), typeof(Samples.Good), typeof(Samples.Names)]), "");
        const string Names = "AIOrleans.Architecture.Tests.Contracts";
        Assert.Equal(
            $"""

            grain {Names}.IGoodGrain = sample.good-grain
              key StringKey
              ask({Names}.Good, long?) -> Task<{Names}.Good>

            message {Names}.Good = sample.good
              0 Count: int
              1 Colours: {Names}.Colour[]

            enum {Names}.Colour
              0 Red
              7 Blue

            constants {Names}.Names
              Stream = usage

            """.ReplaceLineEndings("\n"),
            text[text.IndexOf('\n', StringComparison.Ordinal)..][1..]);
    }

    [Fact]
    public void Catches_what_is_unfit_for_the_wire()
    {
        string[] faults = [.. Contract.Of([typeof(Samples.IBadGrain), typeof(Samples.Bad)]).SelectMany(contract => contract.Faults)];
        Assert.Equal(
            [
                "IBadGrain has no [Alias]: its name on the wire would change with the type",
                "IBadGrain.Ask has no [Alias]",
                "IBadGrain: alias 'a' comes twice",
                "IBadGrain.Ask does not end in Async",
                "Bad has no [Alias]: its name on the wire would change with the type",
                "Bad is not sealed",
                "Bad.Forgotten has no [Id]: it would be lost on the way",
                "Bad: id 0 comes twice",
            ],
            faults);
    }

    [Fact]
    public void Catches_a_carried_type_without_a_serializer()
    {
        const string Fault = "carries AIOrleans.Architecture.Tests.Contracts.Bare, which has neither";
        Assert.Contains(Fault, Assert.Single(Contract.Unserialisable([typeof(Samples.Carrier)])), StringComparison.Ordinal);
        Assert.Empty(Contract.Unserialisable([typeof(Samples.Carrier), typeof(Samples.BareConverter)]));
    }

    [Fact]
    public void Catches_an_alias_that_two_types_share() =>
        Assert.Equal(["alias 'sample.good' comes twice"], AliasesTwice([.. Contract.Of([typeof(Samples.Good)]), .. Contract.Of([typeof(Samples.Good)])]));

    [Theory]
    [InlineData("  0 Total: int\n  1 Colours: AIOrleans.Architecture.Tests.Contracts.Colour[]", "id 0 was 'Total: int' and is 'Count: int' now")]
    [InlineData("  0 Count: long\n  1 Colours: AIOrleans.Architecture.Tests.Contracts.Colour[]", "id 0 was 'Count: long'")]
    [InlineData("  0 Count: int\n  1 (retired)", "id 1 was '(retired)'")]
    public void Refuses_to_renumber_reuse_or_retype_an_id(string members, string message) =>
        Assert.Contains(message, Assert.Single(FrozenContracts.Renumbered(Contract.Of([typeof(Samples.Good)]), "message Old.Name = sample.good\n" + members)),
            StringComparison.Ordinal);

    [Fact]
    public void Remembers_retired_ids()
    {
        string text = FrozenContracts.Write(Contract.Of([typeof(Samples.Good)]), "message Old.Name = sample.good\n  0 Count: int\n  5 Gone: int\n");
        Assert.Contains("\n  5 (retired)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_every_difference()
    {
        IReadOnlyList<string> differences = FrozenContracts.Differences("enum A\n  0 Red\n  1 Green\n", "enum A\n  0 Red\n  2 Green\n");
        Assert.Equal(["- enum A: 1 Green", "+ enum A: 2 Green"], differences);
    }

    private static IEnumerable<string> AliasesTwice(IEnumerable<Contract> contracts) =>
        contracts.Select(contract => contract.Alias).OfType<string>().GroupBy(alias => alias, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => $"alias '{group.Key}' comes twice");

    private static IEnumerable<Finding> Unaliased(SourceFile file) =>
        file.Nodes<BaseTypeDeclarationSyntax>().Where(type => Marks(type).Contains("GenerateSerializer") && !Marks(type).Contains("Alias"))
            .Select(type => file.At(type.Identifier,
                $"{type.Identifier.Text} has no [Alias]: its name on the wire or in the store would change with the type"));

    private static IEnumerable<string> Marks(BaseTypeDeclarationSyntax type) =>
        type.AttributeLists.SelectMany(list => list.Attributes).Select(mark => mark.Name.ToString().Split('.')[^1]);
}
