namespace AIOrleans.Core.Silos;

/// <summary>An account that many calls hold on.</summary>
/// <param name="Account">Its id.</param>
/// <param name="HoldsPerSecond">Asks for holds of late, granted or not; at most two decimals.</param>
public sealed record HotAccount(string Account, decimal HoldsPerSecond);
