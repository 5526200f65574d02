using AIOrleans.Core.Denials;
using AIOrleans.Core.Idempotency;
using AIOrleans.Gateway.Errors;
using AIOrleans.Gateway.Flow;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.Errors;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>Gives an answer again: one that is being recorded in step with it, one that is kept at once.</summary>
internal sealed class Replayer(KeepAlives keepAlives)
{
    private const string Broken = "The call that this one repeats ended before its answer was complete.";

    /// <summary>Follows a recording that has begun.</summary>
    /// <param name="cancellationToken">The client left, or the gateway stops.</param>
    public Task FollowAsync(Exchange exchange, RecordingReader reader, RecordedHead head, CancellationToken cancellationToken) =>
        head.IsStream ? FollowStreamAsync(exchange, reader, head, cancellationToken) : FollowWholeAsync(exchange, reader, head, cancellationToken);

    /// <summary>Gives a kept answer.</summary>
    public Task GiveAsync(Exchange exchange, KeptAnswer answer) =>
        GiveAsync(exchange, new RecordedHead(answer.Status, answer.ContentType, IsStream: false, answer.Headers), [answer.Body]);

    private static async Task FollowWholeAsync(Exchange exchange, RecordingReader reader, RecordedHead head, CancellationToken cancellationToken)
    {
        await reader.WhenEndedAsync(cancellationToken);
        var pieces = new List<ReadOnlyMemory<byte>>(1);
        while (await reader.NextAsync(cancellationToken) is { } piece)
        {
            pieces.Add(piece);
        }

        // A file comes in pieces: half of it, or one that was let go, is no answer.
        if (reader.IsCutOff || reader.Recording.End != RecordingEnd.Whole)
        {
            await ClientAnswer.DenyAsync(exchange, reader.IsCutOff ? new Denial.AnswerNotKept() : new Denial.ProviderFailed(502, Broken, null));
            return;
        }

        await GiveAsync(exchange, head, pieces);
    }

    private static async Task GiveAsync(Exchange exchange, RecordedHead head, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        HttpResponse response = exchange.Http.Response;
        exchange.Status = head.Status;
        head.Apply(response);
        response.ContentLength = pieces.Sum(piece => (long)piece.Length);
        try
        {
            foreach (ReadOnlyMemory<byte> piece in pieces)
            {
                await response.Body.WriteAsync(piece, exchange.Http.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left: nothing is owed for an answer that was given before.
        }
    }

    private async Task FollowStreamAsync(Exchange exchange, RecordingReader reader, RecordedHead head, CancellationToken cancellationToken)
    {
        exchange.Status = head.Status;
        head.Apply(exchange.Http.Response);
        await using ClientWriter client = keepAlives.Begin(exchange);
        string? broke = null;
        try
        {
            while (!client.IsGone && await reader.NextAsync(cancellationToken) is { } piece)
            {
                await client.WriteAsync(piece);
            }

            broke = reader.IsCutOff ? "This client read too slowly for an answer that is too large to be kept."
                : reader.Recording.End == RecordingEnd.Whole ? null
                : Broken;
        }
        catch (OperationCanceledException)
        {
            broke = "The gateway is stopping; the answer is not complete.";
        }

        if (broke is not null)
        {
            // Never the end mark: a truncated answer must not look like a complete one. A client that left is written nothing.
            await client.WriteErrorAsync(DeniedCall.Of(ErrorKind.Internal, broke, "idempotency_replay_broke", exchange.Id.ToString()));
        }
    }
}
