using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Ledger;

/// <summary>A hold with its texts made: by the caller's thread, so that the writer's only binds them.</summary>
internal sealed record HoldRow(DurableHold Hold, string Path, string Tags)
{
    /// <exception cref="ArgumentException">The hold could not be written; the message says why.</exception>
    public static HoldRow Of(DurableHold hold)
    {
        RowChecks.That(hold.Grants.Count > 0, "A hold has no grants.");
        RowChecks.That(hold.Worst.Tokens >= 0 && hold.Worst.Cost.Value >= 0, "A hold is negative.");
        RowChecks.Path(hold.Grants);
        RowChecks.Text(hold.Operation);
        RowChecks.Text(hold.Owner);
        RowChecks.Attribution(hold.Attribution);
        return new HoldRow(hold, PathText.Of(hold.Grants), TagText.Of(hold.Attribution.Tags));
    }
}

/// <summary>Refuses what a database would refuse, before it can spoil the batch of others.</summary>
internal static class RowChecks
{
    public static void That(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }

    /// <summary>PostgreSQL stores no NUL, and no text that is not valid Unicode.</summary>
    public static void Text(string text)
    {
        That(!text.Contains('\0'), "A text of the ledger contains a NUL character.");
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                That(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]), "A text of the ledger is not valid Unicode.");
                i++;
            }
        }
    }

    public static void Path(IEnumerable<AccountId> path)
    {
        foreach (AccountId account in path)
        {
            That(account != default, "A path contains an account without a name.");
        }
    }

    public static void Path(IReadOnlyList<AccountGrant> grants)
    {
        for (int i = 0; i < grants.Count; i++)
        {
            That(grants[i].Account != default, "A path contains an account without a name.");
        }
    }

    public static void Attribution(Attribution attribution)
    {
        Text(attribution.KeyId);
        Text(attribution.Model);
        Text(attribution.TimeZone);
        for (int i = 0; i < attribution.Tags.Count; i++)
        {
            (string name, string value) = attribution.Tags[i];
            Text(name);
            Text(value);
        }
    }
}
