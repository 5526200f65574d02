using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Objects;

/// <summary>One call about an object that a provider keeps: a file, or a batch of calls.</summary>
/// <param name="Path">Behind the base URL, with a slash before it and escaped.</param>
public sealed record ObjectCall(ProviderConfig Provider, HttpMethod Method, string Path)
{
    /// <summary>Without the question mark; null: none.</summary>
    public string? Query { get; init; }

    /// <summary>Null: none.</summary>
    public ObjectBody? Body { get; init; }

    /// <summary>True when the answer is the contents of a file, to be passed on as they come.</summary>
    public bool AnswersBytes { get; init; }
}

/// <summary>What is sent.</summary>
/// <param name="ContentType">With the boundary of a form.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Open">Begins it anew, for each key that is tried.</param>
public sealed record ObjectBody(string ContentType, long Length, Func<Stream> Open)
{
    public static ObjectBody Json(byte[] json) => new("application/json", json.Length, () => new MemoryStream(json, writable: false));
}

/// <summary>What became of an <see cref="ObjectCall"/>.</summary>
public abstract record ObjectResult
{
    private ObjectResult()
    {
    }

    /// <summary>A whole answer.</summary>
    public sealed record Answered(int Status, string ContentType, ReadOnlyMemory<byte> Body) : ObjectResult;

    /// <summary>The contents of a file, whose first bytes have arrived.</summary>
    /// <param name="Body">Owned by the caller, who disposes it. A clean end is its end.</param>
    public sealed record Bytes(int Status, string ContentType, AnswerStream Body) : ObjectResult;

    /// <summary>No answer, or a refusal.</summary>
    public sealed record Failed(AttemptFailure Failure) : ObjectResult;
}

/// <summary>Calls providers about the objects that they keep. Thread-safe.</summary>
public interface IObjectProvider
{
    /// <summary>Calls with one key after the other until one is not refused: the keys of a provider are of one project, which owns the objects.</summary>
    /// <exception cref="AttemptCancelledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ObjectResult> CallAsync(ObjectCall call, CancellationToken cancellationToken);
}
