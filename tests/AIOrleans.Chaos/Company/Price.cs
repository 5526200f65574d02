namespace AIOrleans.Chaos.Company;

/// <summary>A model's price in pico-dollars per token, which is micro-dollars per million tokens. Reckoned here anew, so that the gateway's arithmetic is checked and not repeated.</summary>
internal sealed record Price(long Input, long Cached, long Output)
{
    private const long PicoPerNano = 1000;

    /// <summary>Nano-dollars, rounded up once.</summary>
    public long CostNano(long uncachedInput, long cachedInput, long output) =>
        (long)((((Int128)uncachedInput * Input) + ((Int128)cachedInput * Cached) + ((Int128)output * Output) + PicoPerNano - 1) / PicoPerNano);

    /// <summary>How many of <paramref name="tokens"/> were output, if none was cached and all cost <paramref name="costNano"/>.</summary>
    public long OutputOf(long tokens, long costNano) =>
        (long)Math.Round((((decimal)costNano * PicoPerNano) - ((decimal)tokens * Input)) / (Output - Input));
}

/// <summary>A model that callers ask for; two providers serve it.</summary>
internal sealed record ChatModel(string Name, Price Price)
{
    /// <summary>Prices with odd pico-dollars, so that rounding happens.</summary>
    public static readonly IReadOnlyList<ChatModel> All =
    [
        new("swift", new Price(150_075, 37_519, 600_033)),
        new("wise", new Price(2_500_000, 1_250_001, 10_000_001)),
    ];

    public static ChatModel Of(string name) => All.First(model => model.Name == name);
}
