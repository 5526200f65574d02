using AIOrleans.Core.Money;
using FsCheck;
using FsCheck.Fluent;
using static AIOrleans.Core.Tests.Money.TestPrices;

namespace AIOrleans.Core.Tests.Money;

public sealed class PriceScheduleTests
{
    private static readonly DateTimeOffset Soon = Now.AddDays(1);
    private static readonly DateTimeOffset Later = Now.AddDays(2);

    [Fact]
    public void Each_price_is_in_force_from_its_instant_until_the_next()
    {
        PriceSchedule schedule = PriceSchedule.Empty.Then(Now, Of(1)).Then(Soon, Of(2));

        Assert.Null(schedule.At(Now.AddTicks(-1)));
        Assert.Equal([1L, 1, 2], new[] { Now, Soon.AddTicks(-1), Soon }.Select(at => schedule.At(at)?.Input?.MicroUsdPerMillion ?? 0));
        Assert.Equal((DateTimeOffset.MinValue, Now), schedule.SpanAt(Now.AddTicks(-1)));
        Assert.Equal((Now, Soon), schedule.SpanAt(Now));
        Assert.Equal((Soon, DateTimeOffset.MaxValue), schedule.SpanAt(Later));
    }

    [Fact]
    public void A_later_line_supersedes_what_was_planned_after_it() =>
        Assert.Equal([(Now, 1L), (Soon, 3)], Shown(PriceSchedule.Empty.Then(Now, Of(1)).Then(Soon, Of(2)).Then(Later, Of(4)).Then(Soon, Of(3))));

    [Fact]
    public void The_same_price_again_is_no_change()
    {
        PriceSchedule schedule = ((PriceSchedule)Of(1)).Then(Soon, Of(1));
        Assert.Equal([(PriceSchedule.Ever, 1L)], Shown(schedule));
        Assert.Empty(schedule.ChangesTo(Of(1), Now));
    }

    [Fact]
    public void An_empty_history_takes_all_of_what_is_wanted()
    {
        PriceSchedule wanted = PriceSchedule.Empty.Then(Now.AddDays(-9), Of(1)).Then(Soon, Of(2));
        Assert.Equal(wanted.Points, PriceSchedule.Empty.ChangesTo(wanted, Now));
    }

    [Fact]
    public void An_edited_price_is_a_new_one_from_now_on()
    {
        PriceSchedule before = ((PriceSchedule)Of(1)).Then(Later, Of(9));
        PriceSchedule wanted = ((PriceSchedule)Of(2)).Then(Later, Of(9));

        IReadOnlyList<PricePoint> changes = before.ChangesTo(wanted, Now);

        Assert.Equal([(Now, 2L), (Later, 9)], changes.Select(Shown));
        Assert.Equal([(PriceSchedule.Ever, 1L), (Now, 2), (Later, 9)], Shown(Applied(before, changes)));
    }

    [Fact]
    public void A_planned_price_that_is_wanted_no_more_is_taken_back() =>
        Assert.Equal([(PriceSchedule.Ever, 1L)], Shown(Applied(((PriceSchedule)Of(1)).Then(Later, Of(9)), ((PriceSchedule)Of(1)).Then(Later, Of(9)).ChangesTo(Of(1), Now))));

    [Fact]
    public void Whatever_the_history_and_the_wish_they_agree_from_now_on_and_the_past_stays() =>
        PriceGens.Check(
            from history in Schedule()
            from wanted in Schedule()
            from now in Instant()
            select (history, wanted, now),
            drawn =>
            {
                (PriceSchedule history, PriceSchedule wanted, DateTimeOffset now) = drawn;
                PriceSchedule reached = Applied(history, history.ChangesTo(wanted, now));
                bool isKept = history.Points.IsEmpty || Instants().Where(at => at < now).All(at => reached.At(at)?.Version == history.At(at)?.Version);
                bool isWanted = Instants().Where(at => at >= now && wanted.At(at) is not null).All(at => reached.At(at)?.Version == wanted.At(at)?.Version);
                return isKept && isWanted && reached.ChangesTo(wanted, now).Count == 0;
            });

    private static IEnumerable<DateTimeOffset> Instants() => Enumerable.Range(-1, 12).Select(hour => Now.AddHours(hour));

    private static Gen<DateTimeOffset> Instant() => Gen.Choose(0, 9).Select(hour => Now.AddHours(hour));

    private static Gen<PriceSchedule> Schedule() =>
        Gen.Choose(0, 39).ListOf().Select(drawn => drawn.Aggregate(PriceSchedule.Empty, (schedule, next) => schedule.Then(Now.AddHours(next / 4), Of(1 + (next % 4)))));

    private static PriceSchedule Applied(PriceSchedule schedule, IReadOnlyList<PricePoint> changes) =>
        changes.Aggregate(schedule, (reached, change) => reached.Then(change.From, change.Price));

    private static IEnumerable<(DateTimeOffset, long)> Shown(PriceSchedule schedule) => schedule.Points.Select(Shown);

    private static (DateTimeOffset, long) Shown(PricePoint point) => (point.From, point.Price.Input?.MicroUsdPerMillion ?? 0);
}
