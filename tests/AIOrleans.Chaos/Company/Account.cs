namespace AIOrleans.Chaos.Company;

/// <summary>One account of the test company.</summary>
/// <param name="Id">As the gateway writes it: <c>team:acme.o1.t0</c>.</param>
/// <param name="Concurrent">Bound of calls in flight; null: none.</param>
internal sealed record Account(string Id, IReadOnlyList<Quota> Quotas, int? Concurrent)
{
    /// <summary>As it stands in an address: <c>team/acme.o1.t0</c>.</summary>
    public string AddressPath => Id.Replace(':', '/');
}

/// <summary>An API key and whom its calls are charged to.</summary>
/// <param name="Path">All accounts but the model's.</param>
internal sealed record ApiKey(string Id, string Secret, string Org, IReadOnlyList<string> Path)
{
    public IReadOnlyList<string> PathFor(string model) => [.. Path, $"model:acme.{Org}.{model}"];
}
