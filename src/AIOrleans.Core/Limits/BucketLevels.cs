using AIOrleans.Core.Accounts;

namespace AIOrleans.Core.Limits;

/// <summary>The buckets of one account at one instant. Levels are micro-tokens and negative by debt; a bucket that does not exist is null.</summary>
/// <param name="Epoch">The activation that computed them.</param>
/// <param name="Sequence">Grows with every change within the epoch: the ledger keeps the newest (epoch, sequence).</param>
public sealed record BucketLevels(AccountId Account, long Epoch, long Sequence, long? RequestsMicro, long? TokensMicro, DateTimeOffset At);
