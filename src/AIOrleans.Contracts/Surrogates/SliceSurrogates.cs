using AIOrleans.Core.Limits;
using Orleans;

namespace AIOrleans.Contracts.Surrogates;

[GenerateSerializer, Immutable, Alias("aiorleans.slice-wish")]
public struct SliceWishSurrogate
{
    [Id(0)] public int Requests;
    [Id(1)] public HoldSizes Sizes;
}

[RegisterConverter]
public sealed class SliceWishConverter : IConverter<SliceWish, SliceWishSurrogate>
{
    public SliceWish ConvertFromSurrogate(in SliceWishSurrogate s) => new(s.Requests, s.Sizes);

    public SliceWishSurrogate ConvertToSurrogate(in SliceWish value) => new() { Requests = value.Requests, Sizes = value.Sizes };
}
