using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

[GenerateSerializer, Immutable, Alias("aiorleans.line-ask")]
public struct LineAskSurrogate
{
    [Id(0)] public TimeSpan Waited;
    [Id(1)] public TimeSpan Patience;
}

[RegisterConverter]
public sealed class LineAskConverter : IConverter<LineAsk, LineAskSurrogate>
{
    public LineAsk ConvertFromSurrogate(in LineAskSurrogate s) => new(s.Waited, s.Patience);

    public LineAskSurrogate ConvertToSurrogate(in LineAsk value) => new() { Waited = value.Waited, Patience = value.Patience };
}

[GenerateSerializer, Immutable, Alias("aiorleans.line-facts")]
public struct LineFactsSurrogate
{
    [Id(0)] public int Place;
    [Id(1)] public int Length;
    [Id(2)] public TimeSpan EstimatedWait;
    [Id(3)] public bool IsWaiting;
}

[RegisterConverter]
public sealed class LineFactsConverter : IConverter<LineFacts, LineFactsSurrogate>
{
    public LineFacts ConvertFromSurrogate(in LineFactsSurrogate s) => new(s.Place, s.Length, s.EstimatedWait, s.IsWaiting);

    public LineFactsSurrogate ConvertToSurrogate(in LineFacts value) =>
        new() { Place = value.Place, Length = value.Length, EstimatedWait = value.EstimatedWait, IsWaiting = value.IsWaiting };
}

[GenerateSerializer, Immutable, Alias("aiorleans.line-live")]
public struct LineLiveSurrogate
{
    [Id(0)] public int Length;
    [Id(1)] public int LengthMax;
    [Id(2)] public TimeSpan? OldestFor;
}

[RegisterConverter]
public sealed class LineLiveConverter : IConverter<LineLive, LineLiveSurrogate>
{
    public LineLive ConvertFromSurrogate(in LineLiveSurrogate s) => new(s.Length, s.LengthMax, s.OldestFor);

    public LineLiveSurrogate ConvertToSurrogate(in LineLive value) =>
        new() { Length = value.Length, LengthMax = value.LengthMax, OldestFor = value.OldestFor };
}
