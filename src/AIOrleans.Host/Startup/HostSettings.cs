using Microsoft.Extensions.Configuration;

namespace AIOrleans.Host.Startup;

/// <summary>What the operator said on the command line and in <c>AIORLEANS_*</c>; the command line wins.</summary>
/// <param name="ConfigPath">The configuration file; null: none was named.</param>
/// <param name="DataFolder">Database, master key. Default <c>data</c>.</param>
/// <param name="AdminKey">Overrides the generated admin key.</param>
/// <param name="DemoKey">Overrides the generated key of the demo tenant.</param>
internal sealed record HostSettings(string? ConfigPath, string DataFolder, string? AdminKey, string? DemoKey)
{
    public static HostSettings From(IConfiguration configuration) => new(
        NullIfEmpty(configuration["config"] ?? configuration["AIORLEANS_CONFIG"]),
        Path.GetFullPath(NullIfEmpty(configuration["data"] ?? configuration["AIORLEANS_DATA"]) ?? "data"),
        NullIfEmpty(configuration["AIORLEANS_ADMIN_KEY"]),
        NullIfEmpty(configuration["AIORLEANS_DEMO_KEY"]));

    private static string? NullIfEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
