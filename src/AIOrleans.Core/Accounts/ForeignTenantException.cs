namespace AIOrleans.Core.Accounts;

/// <summary>Something of one tenant was asked for on behalf of another: a bug, or an attack from within. Nothing was done.</summary>
public sealed class ForeignTenantException(string message) : Exception(message);
