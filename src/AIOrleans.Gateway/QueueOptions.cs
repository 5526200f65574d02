using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway;

/// <summary>How long calls may wait in line for a limit. Section <c>Gateway:Queue</c>.</summary>
public sealed class QueueOptions
{
    public const string Section = "Gateway:Queue";

    /// <summary>Longest wait that a client gets, in milliseconds, whatever it asks for; 0: nobody waits. Default 30 000.</summary>
    [Range(0, 600_000)] public int WaitMsMax { get; set; } = 30_000;

    /// <summary><see cref="WaitMsMax"/> as a duration.</summary>
    public TimeSpan WaitMax => TimeSpan.FromMilliseconds(WaitMsMax);
}

[OptionsValidator]
internal sealed partial class QueueOptionsValidator : IValidateOptions<QueueOptions>;
