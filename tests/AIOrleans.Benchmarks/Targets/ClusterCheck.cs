using System.Net.Http.Headers;
using System.Text.Json;

namespace AIOrleans.Benchmarks.Targets;

/// <summary>Whether silos that were measured together are one cluster: gateways that do not know each other answer as well, and each keeps every account.</summary>
internal static class ClusterCheck
{
    /// <exception cref="InvalidOperationException">The accounts do not live on all of so many silos.</exception>
    public static async Task AssertAsync(Uri silo, int count)
    {
        using var http = new HttpClient { BaseAddress = silo };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Company.AdminSecret);
        using JsonDocument cluster = JsonDocument.Parse(await http.GetStringAsync("/api/v1/cluster"));
        IReadOnlyDictionary<string, long> accounts = AccountsBySilo(cluster.RootElement);
        if (accounts.Count != count)
        {
            throw new InvalidOperationException(
                $"Accounts live on {accounts.Count} silos, not on {count}: {string.Join(", ", accounts.Select(one => $"{one.Value} on {one.Key}"))}.");
        }
    }

    /// <param name="cluster">The answer of <c>GET /api/v1/cluster</c>.</param>
    internal static IReadOnlyDictionary<string, long> AccountsBySilo(JsonElement cluster) => cluster.GetProperty("activations").EnumerateArray()
        .Where(activations => activations.GetProperty("kind").GetString() == "Account" && activations.GetProperty("count").GetInt64() > 0)
        .ToDictionary(activations => activations.GetProperty("silo").GetString() ?? "", activations => activations.GetProperty("count").GetInt64());
}
