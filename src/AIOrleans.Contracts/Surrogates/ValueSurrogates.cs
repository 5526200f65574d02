using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

// Core knows no framework, so its types cross a grain call as these. Ids are never renumbered.

[GenerateSerializer, Immutable, Alias("aiorleans.account-id")]
public struct AccountIdSurrogate
{
    [Id(0)] public string Text;
}

[RegisterConverter]
public sealed class AccountIdConverter : IConverter<AccountId, AccountIdSurrogate>
{
    public AccountId ConvertFromSurrogate(in AccountIdSurrogate surrogate) => AccountId.Parse(surrogate.Text);

    public AccountIdSurrogate ConvertToSurrogate(in AccountId value) => new() { Text = value.ToString() };
}

[GenerateSerializer, Immutable, Alias("aiorleans.hold-id")]
public struct HoldIdSurrogate
{
    [Id(0)] public Guid Value;
}

[RegisterConverter]
public sealed class HoldIdConverter : IConverter<HoldId, HoldIdSurrogate>
{
    public HoldId ConvertFromSurrogate(in HoldIdSurrogate surrogate) => new(surrogate.Value);

    public HoldIdSurrogate ConvertToSurrogate(in HoldId value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable, Alias("aiorleans.nano-usd")]
public struct NanoUsdSurrogate
{
    [Id(0)] public long Value;
}

[RegisterConverter]
public sealed class NanoUsdConverter : IConverter<NanoUsd, NanoUsdSurrogate>
{
    public NanoUsd ConvertFromSurrogate(in NanoUsdSurrogate surrogate) => new(surrogate.Value);

    public NanoUsdSurrogate ConvertToSurrogate(in NanoUsd value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable, Alias("aiorleans.hold-size")]
public struct HoldSizeSurrogate
{
    [Id(0)] public long Tokens;
    [Id(1)] public NanoUsd Cost;
}

[RegisterConverter]
public sealed class HoldSizeConverter : IConverter<HoldSize, HoldSizeSurrogate>
{
    public HoldSize ConvertFromSurrogate(in HoldSizeSurrogate surrogate) => new(surrogate.Tokens, surrogate.Cost);

    public HoldSizeSurrogate ConvertToSurrogate(in HoldSize value) => new() { Tokens = value.Tokens, Cost = value.Cost };
}

[GenerateSerializer, Immutable, Alias("aiorleans.token-usage")]
public struct TokenUsageSurrogate
{
    [Id(0)] public long UncachedInput;
    [Id(1)] public long CacheRead;
    [Id(2)] public long CacheWrite5m;
    [Id(3)] public long CacheWrite1h;
    [Id(4)] public long Output;
    [Id(5)] public long Reasoning;
    [Id(6)] public long AudioInput;
    [Id(7)] public long AudioOutput;
    [Id(8)] public long Images;
    [Id(9)] public long ImageInput;
    [Id(10)] public long ImageOutput;
    [Id(11)] public long ImagesMade;
    [Id(12)] public long AudioMilliseconds;
    [Id(13)] public long Characters;
    [Id(14)] public long SearchUnits;
}

[RegisterConverter]
public sealed class TokenUsageConverter : IConverter<TokenUsage, TokenUsageSurrogate>
{
    public TokenUsage ConvertFromSurrogate(in TokenUsageSurrogate surrogate) => new()
    {
        UncachedInput = surrogate.UncachedInput,
        CacheRead = surrogate.CacheRead,
        CacheWrite5m = surrogate.CacheWrite5m,
        CacheWrite1h = surrogate.CacheWrite1h,
        Output = surrogate.Output,
        Reasoning = surrogate.Reasoning,
        AudioInput = surrogate.AudioInput,
        AudioOutput = surrogate.AudioOutput,
        Images = surrogate.Images,
        ImageInput = surrogate.ImageInput,
        ImageOutput = surrogate.ImageOutput,
        ImagesMade = surrogate.ImagesMade,
        AudioMilliseconds = surrogate.AudioMilliseconds,
        Characters = surrogate.Characters,
        SearchUnits = surrogate.SearchUnits,
    };

    public TokenUsageSurrogate ConvertToSurrogate(in TokenUsage value) => new()
    {
        UncachedInput = value.UncachedInput,
        CacheRead = value.CacheRead,
        CacheWrite5m = value.CacheWrite5m,
        CacheWrite1h = value.CacheWrite1h,
        Output = value.Output,
        Reasoning = value.Reasoning,
        AudioInput = value.AudioInput,
        AudioOutput = value.AudioOutput,
        Images = value.Images,
        ImageInput = value.ImageInput,
        ImageOutput = value.ImageOutput,
        ImagesMade = value.ImagesMade,
        AudioMilliseconds = value.AudioMilliseconds,
        Characters = value.Characters,
        SearchUnits = value.SearchUnits,
    };
}
