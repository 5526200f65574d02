using AIOrleans.Core.Ledger;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>A call that was made for an <c>Idempotency-Key</c>: everything the client gets is recorded for those who repeat it.</summary>
internal sealed class Lead(HoldId requestId, Recording recording) : IDisposable
{
    private CancellationTokenRegistration onClientGone;

    public HoldId RequestId => requestId;

    public string Key => recording.Key;

    public Recording Recording => recording;

    /// <summary>When its lease is to be prolonged next.</summary>
    public DateTimeOffset RenewAt { get; set; }

    /// <summary>True while some client listens: the call failed nobody although its own client left.</summary>
    public bool IsHeard => recording.Audience.IsHeard;

    /// <summary>Counts the call's own client out when it leaves.</summary>
    public void ListenTo(HttpContext http) =>
        onClientGone = http.RequestAborted.UnsafeRegister(static audience => ((Audience)audience!).Leave(), recording.Audience); // ! Passed here.

    /// <summary>Records the head of an answer that begins.</summary>
    public void Begin(HttpResponse response, bool isStream) => recording.Begin(RecordedHead.Of(response, isStream));

    /// <summary>Records an answer that is complete.</summary>
    /// <param name="body">Must not change any more.</param>
    public void Record(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        Begin(response, isStream: false);
        recording.Append(body);
        recording.Close(RecordingEnd.Whole);
    }

    public void Dispose()
    {
        onClientGone.Dispose();
        recording.Audience.Dispose();
    }
}
