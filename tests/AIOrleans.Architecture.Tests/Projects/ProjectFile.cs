using System.Xml.Linq;
using AIOrleans.Architecture.Tests.Sources;

namespace AIOrleans.Architecture.Tests.Projects;

/// <summary>What one csproj says that it needs.</summary>
/// <param name="Name">File name without extension: <c>AIOrleans.Core</c>; a stand-in is <c>Orleans</c>.</param>
/// <param name="Path">Relative to the root.</param>
/// <param name="References">Names of referenced projects.</param>
/// <param name="Packages">Ids of referenced packages.</param>
/// <param name="Frameworks">Ids of framework references.</param>
/// <param name="Uses">Set switches (<c>Orleans</c> of <c>UsesOrleans</c>), which Directory.Build.targets turns into references.</param>
internal sealed record ProjectFile(
    string Name, string Path, IReadOnlySet<string> References, IReadOnlySet<string> Packages, IReadOnlySet<string> Frameworks, IReadOnlySet<string> Uses)
{
    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. Repository.FilesBelow("src", "*.csproj").Concat(Repository.FilesBelow("tests", "*.csproj")).Select(path => Parse(path, Repository.Read(path)))];

    public bool IsProduct => Path.StartsWith("src/AIOrleans.", StringComparison.Ordinal);

    public static ProjectFile Parse(string path, string xml)
    {
        XElement root = XElement.Parse(xml);
        HashSet<string> packages = Included(root, "PackageReference");
        HashSet<string> frameworks = Included(root, "FrameworkReference");
        if (root.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web")
        {
            frameworks.Add("Microsoft.AspNetCore.App");
        }

        return new ProjectFile(
            System.IO.Path.GetFileNameWithoutExtension(path),
            path,
            Included(root, "ProjectReference")
                .Select(include => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/'))).ToHashSet(StringComparer.Ordinal),
            packages,
            frameworks,
            root.Descendants().Where(element => element.Name.LocalName.StartsWith("Uses", StringComparison.Ordinal) && element.Value == "true")
                .Select(element => element.Name.LocalName["Uses".Length..]).ToHashSet(StringComparer.Ordinal));
    }

    private static HashSet<string> Included(XElement root, string kind) =>
        root.Descendants(kind).Select(element => element.Attribute("Include")?.Value ?? "").ToHashSet(StringComparer.Ordinal);
}
