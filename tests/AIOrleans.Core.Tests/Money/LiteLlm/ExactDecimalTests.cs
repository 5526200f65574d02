using System.Text.Json;
using AIOrleans.Core.Money.LiteLlm;
using FsCheck.Fluent;

namespace AIOrleans.Core.Tests.Money.LiteLlm;

public sealed class ExactDecimalTests
{
    [Theory]
    [InlineData("2.5e-06", "0.0000025")]
    [InlineData("1E-5", "0.00001")]
    [InlineData("\"0.0000025\"", "0.0000025")]
    [InlineData("0", "0")]
    [InlineData("0e-99", "0")]
    [InlineData("-1e-6", "-0.000001")]
    [InlineData("1000e-3", "1")]
    [InlineData("1.2500000000000002e-06", "0.0000012500000000000002")]
    public void Keeps_every_digit(string json, string number)
    {
        Assert.Equal(NumberFault.None, Read(json, out decimal read));
        Assert.Equal(decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture), read);
    }

    [Theory]
    [InlineData("1e-29")]
    [InlineData("1e-400")]
    [InlineData("1.00000000000000000000000000001")]
    public void Tells_when_a_digit_would_be_lost(string json) => Assert.Equal(NumberFault.TooFine, Read(json, out _));

    [Theory]
    [InlineData("\"free\"")]
    [InlineData("\"\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"1e\"")]
    [InlineData("1e99")]
    [InlineData("true")]
    [InlineData("{}")]
    public void Tells_what_is_no_number(string json) => Assert.Equal(NumberFault.NoNumber, Read(json, out _));

    [Fact]
    public void A_number_written_with_any_exponent_is_the_same_number() =>
        PriceGens.Check(
            from digits in Gen.Choose(-999_999_999, 999_999_999)
            from exponent in Gen.Choose(-19, 9)
            select (digits, exponent),
            drawn =>
            {
                decimal expected = drawn.digits;
                for (int i = 0; i < Math.Abs(drawn.exponent); i++)
                {
                    expected = drawn.exponent < 0 ? expected / 10 : expected * 10;
                }

                return Read(FormattableString.Invariant($"{drawn.digits}e{drawn.exponent}"), out decimal read) == NumberFault.None && read == expected;
            });

    private static NumberFault Read(string json, out decimal number)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ExactDecimal.Read(document.RootElement, out number);
    }
}
