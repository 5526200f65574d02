using System.Xml.Linq;
using AIOrleans.Architecture.Tests.Sources;

namespace AIOrleans.Architecture.Tests.Projects;

/// <summary>Arrows point inward only: who may know whom, and who may bring a package in.</summary>
public sealed class DependencyTests
{
    /// <summary>Projects that a project may reference, packages that it may name, and switches that it may set.</summary>
    private sealed record Allowance(string[] References, string[] Packages, string[] Uses);

    private static readonly Dictionary<string, Allowance> Allowed = new(StringComparer.Ordinal)
    {
        ["AIOrleans.Core"] = new([], [], []),
        ["AIOrleans.Protocols"] = new(["AIOrleans.Core"], [], []),
        ["AIOrleans.Contracts"] = new(["AIOrleans.Core"], [], ["Orleans"]),
        ["AIOrleans.Grains"] = new(["AIOrleans.Contracts", "AIOrleans.Core"], [], ["Orleans", "AspNetCore"]),
        ["AIOrleans.Storage"] = new(["AIOrleans.Core"], ["Dapper", "Npgsql"], ["Sqlite", "AspNetCore"]),
        ["AIOrleans.Providers"] = new(["AIOrleans.Protocols", "AIOrleans.Core"], [], ["AspNetCore"]),
        ["AIOrleans.Identity"] = new(["AIOrleans.Core"], [], ["AspNetCore", "JwtBearer"]),
        ["AIOrleans.Gateway"] = new(
            ["AIOrleans.Contracts", "AIOrleans.Providers", "AIOrleans.Protocols", "AIOrleans.Identity", "AIOrleans.Core"], [], ["Orleans", "AspNetCore"]),
        ["AIOrleans.Management"] = new(
            ["AIOrleans.Contracts", "AIOrleans.Identity", "AIOrleans.Core"], ["Microsoft.AspNetCore.OpenApi"], ["Orleans", "AspNetCore"]),
        ["AIOrleans.Host"] = new(
            ["AIOrleans.Gateway", "AIOrleans.Management", "AIOrleans.Grains", "AIOrleans.Storage", "AIOrleans.Providers", "AIOrleans.Identity"],
            ["Microsoft.AspNetCore.OpenApi", "Spectre.Console", "Npgsql"],
            ["Orleans", "AspNetCore", "OpenTelemetry"]),
    };

    private static readonly string[] ClusterPackages = ["Microsoft.Orleans."];

    [Fact]
    public void Every_product_project_references_only_what_it_may() => AssertNone(ProjectFile.All.Where(project => project.IsProduct).SelectMany(Breaches));

    [Fact]
    public void Every_product_project_exists() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), ProjectFile.All.Where(project => project.IsProduct).Select(project => project.Name)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Nobody_but_Host_references_Storage_or_Grains() =>
        Assert.Equal(["AIOrleans.Host"], ProjectFile.All
            .Where(project => project.IsProduct && project.References.Overlaps(["AIOrleans.Storage", "AIOrleans.Grains"])).Select(p => p.Name));

    [Fact]
    public void Stand_ins_are_referenced_only_by_the_editions_switch() =>
        AssertNone(ProjectFile.All.SelectMany(project => StandInsReferenced(project, StandIns()))
            .Concat(UnconditionalStandIns(XElement.Parse(Repository.Read("Directory.Build.targets")))));

    [Fact]
    public void Stand_ins_know_nothing_of_the_product() =>
        AssertNone(ProjectFile.All.Where(project => project.Path.StartsWith("src/Compat/", StringComparison.Ordinal))
            .SelectMany(project => project.References.Where(name => name.StartsWith("AIOrleans.", StringComparison.Ordinal))
                .Select(name => $"{project.Path} references {name}")));

    [Fact]
    public void The_solution_names_every_project()
    {
        string solution = Repository.Read("AIOrleans.sln").Replace('\\', '/');
        AssertNone(ProjectFile.All.Where(project => !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
            .Select(project => $"{project.Path} is not in AIOrleans.sln: nothing builds or tests it"));
    }

    [Fact]
    public void Every_product_project_has_tests_of_its_name() =>
        AssertNone(ProjectFile.All.Where(project => project.IsProduct && !Repository.Exists($"tests/{project.Name}.Tests/{project.Name}.Tests.csproj"))
            .Select(project => $"{project.Name} has no tests/{project.Name}.Tests"));

    [Theory]
    [InlineData("AIOrleans.Core", "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />", "AIOrleans.Core brings in framework Microsoft.AspNetCore.App")]
    [InlineData("AIOrleans.Core", "<PackageReference Include=\"Dapper\" />", "AIOrleans.Core brings in package Dapper")]
    [InlineData("AIOrleans.Gateway", "<ProjectReference Include=\"..\\AIOrleans.Storage\\AIOrleans.Storage.csproj\" />",
        "AIOrleans.Gateway references AIOrleans.Storage")]
    [InlineData("AIOrleans.Grains", "<ProjectReference Include=\"../AIOrleans.Protocols/AIOrleans.Protocols.csproj\" />",
        "AIOrleans.Grains references AIOrleans.Protocols")]
    [InlineData("AIOrleans.Gateway", "<PackageReference Include=\"Microsoft.Orleans.Sdk\" />", "AIOrleans.Gateway brings in package Microsoft.Orleans.Sdk")]
    [InlineData("AIOrleans.Unheard", "", "AIOrleans.Unheard is not a project of the design")]
    public void Catches_a_breach(string name, string item, string breach) =>
        Assert.Equal(breach, Assert.Single(Breaches(ProjectFile.Parse($"src/{name}/{name}.csproj",
            $"<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{item}</ItemGroup></Project>"))));

    [Fact]
    public void Catches_a_switch_that_a_project_may_not_set() =>
        Assert.Equal(
            "AIOrleans.Core sets UsesOrleans",
            Assert.Single(Breaches(ProjectFile.Parse("src/AIOrleans.Core/AIOrleans.Core.csproj",
                "<Project><PropertyGroup><UsesOrleans>true</UsesOrleans></PropertyGroup></Project>"))));

    [Fact]
    public void Catches_the_web_sdk_as_a_framework() =>
        Assert.Single(Breaches(ProjectFile.Parse("src/AIOrleans.Core/AIOrleans.Core.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />")));

    [Fact]
    public void Catches_a_stand_in_referenced_directly() =>
        Assert.Single(StandInsReferenced(
            ProjectFile.Parse("src/A/A.csproj", "<Project><ProjectReference Include=\"../Compat/Orleans/Orleans.csproj\" /></Project>"),
                new HashSet<string> { "Orleans" }));

    [Theory]
    [InlineData("<ItemGroup><ProjectReference Include=\"src/Compat/Orleans/Orleans.csproj\" /></ItemGroup>", 1)]
    [InlineData("<ItemGroup Condition=\"'$(UsesOrleans)' == 'true'\"><ProjectReference Include=\"src/Compat/Orleans/Orleans.csproj\" /></ItemGroup>", 1)]
    [InlineData("<ItemGroup Condition=\"'$(CompatOrleans)' == 'true'\"><ProjectReference Include=\"src/Compat/Orleans/Orleans.csproj\" /></ItemGroup>", 0)]
    [InlineData("<ItemGroup><ProjectReference Condition=\"'$(CompatSqlite)' == 'true'\" Include=\"src/Compat/SqliteBundle/SqliteBundle.csproj\" /></ItemGroup>", 0)]
    public void Catches_a_stand_in_without_a_switch(string targets, int count) =>
        Assert.Equal(count, UnconditionalStandIns(XElement.Parse($"<Project>{targets}</Project>")).Count());

    private static IEnumerable<string> Breaches(ProjectFile project)
    {
        if (!Allowed.TryGetValue(project.Name, out Allowance? allowance))
        {
            return [$"{project.Name} is not a project of the design"];
        }

        string[] frameworks = allowance.Uses.Contains("AspNetCore") ? ["Microsoft.AspNetCore.App"] : [];
        string[] packages = project.Name == "AIOrleans.Host" ? [.. project.Packages.Where(IsCluster), .. allowance.Packages] : allowance.Packages;
        return
        [
            .. project.References.Except(allowance.References).Select(name => $"{project.Name} references {name}"),
            .. project.Packages.Except(packages).Select(name => $"{project.Name} brings in package {name}"),
            .. project.Frameworks.Except(frameworks).Select(name => $"{project.Name} brings in framework {name}"),
            .. project.Uses.Except(allowance.Uses).Select(name => $"{project.Name} sets Uses{name}"),
        ];
    }

    /// <summary>The composition root alone knows which clustering and storage the grains run on.</summary>
    private static bool IsCluster(string package) => ClusterPackages.Any(prefix => package.StartsWith(prefix, StringComparison.Ordinal));

    private static HashSet<string> StandIns() =>
        ProjectFile.All.Where(project => project.Path.StartsWith("src/Compat/", StringComparison.Ordinal))
            .Select(project => project.Name).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> StandInsReferenced(ProjectFile project, IReadOnlySet<string> standIns) =>
        project.References.Where(standIns.Contains).Select(name => $"{project.Path} references the stand-in {name}: set a Uses… switch instead");

    private static IEnumerable<string> UnconditionalStandIns(XElement targets) =>
        targets.Descendants("ProjectReference")
            .Where(reference => reference.Attribute("Include")?.Value.Contains("src/Compat/", StringComparison.Ordinal) == true)
            .Where(reference => !reference.AncestorsAndSelf()
                .Any(element => element.Attribute("Condition")?.Value.Contains("'$(Compat", StringComparison.Ordinal) == true))
            .Select(reference => $"Directory.Build.targets references {reference.Attribute("Include")?.Value} whatever the edition");

    private static void AssertNone(IEnumerable<string> breaches) => Assert.True(!breaches.Any(), string.Join('\n', breaches));
}
