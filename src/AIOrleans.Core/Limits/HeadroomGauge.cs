namespace AIOrleans.Core.Limits;

/// <summary>Gathers the limits of one account into its two headroom lines.</summary>
/// <remarks>
/// Every call needs a request, at least one token, a slot and its money. So whatever is exhausted, nobody gets anything:
/// both lines then show 0 remaining, also where the account limits neither requests nor tokens, because the lines of a whole
/// path are combined and a key's free requests are worth nothing below a tenant without money.
/// </remarks>
internal struct HeadroomGauge
{
    private HeadroomLine? requests;
    private HeadroomLine? tokens;
    private TimeSpan? exhaustedFor;

    public void AddRequests(HeadroomLine? line)
    {
        requests = HeadroomLine.Tighter(requests, line);
        AddExhaustion(line);
    }

    public void AddTokens(HeadroomLine? line)
    {
        tokens = HeadroomLine.Tighter(tokens, line);
        AddExhaustion(line);
    }

    /// <summary>Counts a limit that has no line of its own, money or slots: only whether anything is left of it.</summary>
    /// <remarks>Free slots are no line of requests: a client that calls one after the other is not slowed by them.</remarks>
    public void AddRoom(long room, TimeSpan resetAfter)
    {
        if (room <= 0)
        {
            Exhaust(resetAfter);
        }
    }

    public readonly Headroom ToHeadroom()
    {
        if (exhaustedFor is { } resetAfter)
        {
            return new Headroom(requests, tokens).Exhausted(resetAfter);
        }

        return requests is null && tokens is null ? Headroom.Unlimited : new Headroom(requests, tokens);
    }

    private void AddExhaustion(HeadroomLine? line)
    {
        if (line is { Remaining: 0 } empty)
        {
            Exhaust(empty.ResetAfter);
        }
    }

    private void Exhaust(TimeSpan resetAfter) => exhaustedFor = exhaustedFor is { } known && known > resetAfter ? known : resetAfter;
}
