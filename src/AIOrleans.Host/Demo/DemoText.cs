using System.Globalization;

namespace AIOrleans.Host.Demo;

/// <summary>How the tour writes numbers.</summary>
internal static class DemoText
{
    public static string Usd(decimal amount) => "$" + amount.ToString("0.#########", CultureInfo.InvariantCulture);

    public static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
