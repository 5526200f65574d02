using System.Globalization;

namespace AIOrleans.Core.Money;

/// <summary>An amount of money in nano-dollars: 1 USD is 1 000 000 000. Negative amounts are debt or corrections.</summary>
/// <remarks>All sums are checked: an overflow is a bug and throws.</remarks>
public readonly record struct NanoUsd(long Value) : IComparable<NanoUsd>
{
    /// <summary>Nano-dollars in one dollar.</summary>
    public const long PerUsd = 1_000_000_000;

    /// <summary>Nothing.</summary>
    public static NanoUsd Zero => default;

    public static NanoUsd operator +(NanoUsd left, NanoUsd right) => new(checked(left.Value + right.Value));

    public static NanoUsd operator -(NanoUsd left, NanoUsd right) => new(checked(left.Value - right.Value));

    public static NanoUsd operator -(NanoUsd amount) => new(checked(-amount.Value));

    public static bool operator <(NanoUsd left, NanoUsd right) => left.Value < right.Value;

    public static bool operator >(NanoUsd left, NanoUsd right) => left.Value > right.Value;

    public static bool operator <=(NanoUsd left, NanoUsd right) => left.Value <= right.Value;

    public static bool operator >=(NanoUsd left, NanoUsd right) => left.Value >= right.Value;

    /// <summary>The nearest nano-dollar not above <paramref name="usd"/>: the edge (JSON, CSV) reads decimals.</summary>
    /// <exception cref="OverflowException">More than nine billion dollars.</exception>
    public static NanoUsd FromUsd(decimal usd) => new((long)decimal.Floor(usd * PerUsd));

    /// <summary>Dollars, exact: every nano-dollar amount has a decimal.</summary>
    public decimal ToUsd() => Value / (decimal)PerUsd;

    public int CompareTo(NanoUsd other) => Value.CompareTo(other.Value);

    /// <summary>Dollars with at least two and at most nine decimals, invariant: <c>0.00125</c>.</summary>
    public override string ToString() => ToUsd().ToString("0.00#######", CultureInfo.InvariantCulture);
}
