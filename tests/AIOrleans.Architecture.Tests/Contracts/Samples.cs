#pragma warning disable CA1040, CA1050 // Shapes for a reader of shapes.

namespace AIOrleans.Architecture.Tests.Contracts;

/// <summary>Contracts to try the contract reader on, with attributes of the same names as Orleans'.</summary>
internal static class Samples
{
    public interface IGrain;

    public interface IGrainWithStringKey : IGrain;

    public enum Colour
    {
        Red = 0,
        Blue = 7,
    }

    [Alias("sample.good-grain")]
    public interface IGoodGrain : IGrainWithStringKey
    {
        [Alias("ask")]
        Task<Good> AskAsync(Good good, long? at);
    }

    public interface IBadGrain : IGrainWithStringKey
    {
        Task Ask();

        [Alias("a")]
        Task OneAsync();

        [Alias("a")]
        Task TwoAsync();
    }

    [GenerateSerializer, Alias("sample.good")]
    public sealed record Good
    {
        [Id(1)] public Colour[] Colours { get; init; } = [];

        [Id(0)] public int Count { get; init; }

        public int Twice => Count * 2;
    }

    [GenerateSerializer]
    public record Bad
    {
        [Id(0)] public int First { get; init; }

        [Id(0)] public int Second { get; init; }

        public int Forgotten { get; init; }
    }

    public sealed record Bare;

    [GenerateSerializer, Alias("sample.carrier")]
    public sealed record Carrier
    {
        [Id(0)] public IReadOnlyList<Bare> Bare { get; init; } = [];
    }

    public interface IConverter<TValue, TSurrogate>;

    public sealed class BareConverter : IConverter<Bare, int>;

    public static class Names
    {
        public const string Stream = "usage";
    }

    [AttributeUsage(AttributeTargets.All)]
    private sealed class AliasAttribute(string name) : Attribute
    {
        public string Name => name;
    }

    [AttributeUsage(AttributeTargets.All)]
    private sealed class IdAttribute(uint id) : Attribute
    {
        public uint Id => id;
    }

    [AttributeUsage(AttributeTargets.All)]
    private sealed class GenerateSerializerAttribute : Attribute;
}
