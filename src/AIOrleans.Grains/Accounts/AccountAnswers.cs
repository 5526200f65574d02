using AIOrleans.Contracts.Accounts;
using AIOrleans.Core.Limits;

namespace AIOrleans.Grains.Accounts;

/// <summary>A decision of <see cref="AccountBook"/> as the account's grain answers it.</summary>
internal static class AccountAnswers
{
    public static AccountAnswer AnswerTo(this AccountBook book, in HoldAsk ask, DateTimeOffset now) => book.TryHold(ask, now) switch
    {
        HoldDecision.Denied denied => new AccountAnswer { Epoch = book.Epoch, Denied = denied.Facts, Headroom = book.HeadroomAt(now) },
        HoldDecision.Granted granted => new AccountAnswer { Epoch = book.Epoch, Headroom = granted.Headroom, Buckets = granted.Buckets },
        _ => throw new InvalidOperationException("A hold is granted or denied."),
    };
}
