using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Idempotency;

/// <summary>What calls with an <c>Idempotency-Key</c> may take. Section <c>Gateway:Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    public const string Section = "Gateway:Idempotency";

    /// <summary>False: the header is ignored, every call is a call. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long a key is remembered after its call ended, in hours. Default 24, as payment services have it.</summary>
    [Range(1, 720)] public int RetentionHours { get; set; } = 24;

    /// <summary>Largest answer that is kept, in bytes. Default 4 MiB: a text of a million tokens.</summary>
    [Range(1024, 64 * 1024 * 1024)] public int AnswerBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Answers being recorded or given again in this process, in bytes altogether. Default 256 MiB.</summary>
    [Range(1024 * 1024, 1L << 36)] public long RecordingBytesMax { get; set; } = 256L * 1024 * 1024;

    /// <summary>Calls being recorded in this process. Default 10 000.</summary>
    [Range(1, 1_000_000)] public int RecordingsMax { get; set; } = 10_000;

    /// <summary>How long a call goes on after the last client that listened to it left, in seconds, so that one that comes back finds it. Default 30.</summary>
    [Range(0, 600)] public int AbandonSeconds { get; set; } = 30;
}

[OptionsValidator]
internal sealed partial class IdempotencyOptionsValidator : IValidateOptions<IdempotencyOptions>;
