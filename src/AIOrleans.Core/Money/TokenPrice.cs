namespace AIOrleans.Core.Money;

/// <summary>Micro-dollars per million tokens: $0.075 per million is 75 000. One token costs exactly this many pico-dollars.</summary>
public readonly record struct TokenPrice(long MicroUsdPerMillion)
{
    /// <summary>Pico-dollars in one nano-dollar.</summary>
    public const long PicoPerNano = 1000;

    /// <summary>Highest price that is read: a thousand dollars per token. Keeps sums far from overflow.</summary>
    public const decimal UsdPerMillionMax = 1_000_000_000m;

    /// <summary>Pico-dollars of <paramref name="tokens"/>; exact, to be summed before the one rounding.</summary>
    public Int128 PicoUsdOf(long tokens) => checked((Int128)tokens * MicroUsdPerMillion);

    /// <summary>Reads dollars per million tokens, exact to the micro-dollar.</summary>
    /// <returns>False when negative, too large, or finer than a micro-dollar per million.</returns>
    public static bool TryFromUsdPerMillion(decimal usdPerMillion, out TokenPrice price)
    {
        price = default;
        if (usdPerMillion is < 0 or > UsdPerMillionMax)
        {
            return false;
        }

        decimal micro = usdPerMillion * 1_000_000m;
        if (decimal.Truncate(micro) != micro)
        {
            return false;
        }

        price = new TokenPrice((long)micro);
        return true;
    }

    /// <summary>Dollars per million tokens.</summary>
    public decimal ToUsdPerMillion() => MicroUsdPerMillion / 1_000_000m;
}
