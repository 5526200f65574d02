using AIOrleans.Chaos.Audit;

namespace AIOrleans.Chaos.Tests;

public sealed class PairingTests
{
    [Fact]
    public void Finds_a_partner_for_all_where_the_first_choice_would_leave_one_without() =>
        Assert.Empty(Pairing.Unpaired(["ab", "a"], ['a', 'b'], (seeker, partner) => seeker.Contains(partner)));

    [Fact]
    public void Names_who_is_left_over() =>
        Assert.Equal(["c"], Pairing.Unpaired(["ab", "c", "b"], ['a', 'b'], (seeker, partner) => seeker.Contains(partner)));
}
