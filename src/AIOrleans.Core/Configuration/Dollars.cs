using AIOrleans.Core.Money;

namespace AIOrleans.Core.Configuration;

/// <summary>Money in JSON: decimal dollars, exact to the nano-dollar.</summary>
internal static class Dollars
{
    /// <summary>An amount from 0 to <paramref name="usdMax"/> dollars; null when absent or reported.</summary>
    public static NanoUsd? Read(ObjectReader reader, string name, long usdMax, bool required = false)
    {
        if (reader.Number(name, 0, usdMax, required) is not { } usd)
        {
            return null;
        }

        decimal nano = usd * NanoUsd.PerUsd;
        if (decimal.Truncate(nano) == nano)
        {
            return new NanoUsd((long)nano);
        }

        reader.Report(name, "must have at most nine decimals (nano-dollars).");
        return null;
    }
}
