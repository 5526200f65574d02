namespace AIOrleans.Providers;

/// <summary>Makes one attempt of a chat request at one deployment. Thread-safe.</summary>
public interface IChatProvider
{
    /// <summary>Calls the deployment and waits for its answer: all of it, or the first bytes of a stream. Of several keys those that are refused are passed over.</summary>
    /// <returns>The answer or how the attempt failed; a stream must be disposed by the caller.</returns>
    /// <exception cref="AttemptCancelledException"><paramref name="cancellationToken"/> was cancelled; the upstream connection is closed.</exception>
    Task<AttemptResult> CallAsync(AttemptRequest request, CancellationToken cancellationToken);
}
