using AIOrleans.Core.Limits;
using AIOrleans.Core.Objects;

namespace AIOrleans.Core.Tests.Limits;

/// <summary>Rates of tokens do not apply to batches; every other limit does.</summary>
public sealed class BatchRateTests
{
    private static readonly LimitsConfig Limits = new() { TokensPerMinute = 1_000, RequestsPerMinute = 2 };

    [Fact]
    public void A_batch_larger_than_the_rate_of_tokens_is_held_and_leaves_the_bucket_as_it_was()
    {
        AccountBook book = Books.Open(Limits);
        HoldAsk batch = Books.Ask(tokens: 1_000_000, operation: BatchWork.Operation);

        book.MustHold(batch);
        Assert.True(book.TrySettle(batch.Id, Books.Used(900_000, operation: BatchWork.Operation), Books.Noon, Books.Noon));

        book.MustHold(Books.Ask(tokens: 1_000));
        Assert.Equal("requestsPerMinute", book.MustDeny(Books.Ask(tokens: 0, operation: BatchWork.Operation)).Limit);
    }

    [Fact]
    public void A_call_as_large_is_refused()
    {
        AccountBook book = Books.Open(Limits);

        Assert.Equal("tokensPerMinute", book.MustDeny(Books.Ask(tokens: 1_000_000)).Limit);
    }
}
