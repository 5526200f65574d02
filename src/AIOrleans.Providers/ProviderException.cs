namespace AIOrleans.Providers;

/// <summary>A running stream broke. What arrived before is good; the answer is not complete.</summary>
public sealed class ProviderException(AttemptFailure failure, Exception? inner = null) : IOException(failure.Message, inner)
{
    public AttemptFailure Failure { get; } = failure;

    public bool IsTransient => Failure.IsTransient;
}

/// <summary>The caller cancelled the attempt.</summary>
/// <param name="mayBeBilled">True when the request had been sent: the provider may have processed it, and may bill it.</param>
public sealed class AttemptCancelledException(bool mayBeBilled, CancellationToken cancellationToken)
    : OperationCanceledException("The attempt was cancelled by its caller.", cancellationToken)
{
    public bool MayBeBilled { get; } = mayBeBilled;
}
