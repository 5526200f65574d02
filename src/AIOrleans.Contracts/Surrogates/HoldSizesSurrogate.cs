using AIOrleans.Core.Ledger;
using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

[GenerateSerializer, Immutable, Alias("aiorleans.hold-sizes")]
public struct HoldSizesSurrogate
{
    [Id(0)] public HoldSize Worst;
    [Id(1)] public HoldSize Expected;
}

[RegisterConverter]
public sealed class HoldSizesConverter : IConverter<HoldSizes, HoldSizesSurrogate>
{
    public HoldSizes ConvertFromSurrogate(in HoldSizesSurrogate s) => new(s.Worst, s.Expected);

    public HoldSizesSurrogate ConvertToSurrogate(in HoldSizes value) => new() { Worst = value.Worst, Expected = value.Expected };
}
